import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { datasetNames, datasets, HuitongError, isDatasetName, type DatasetName } from '@huitong/change-event';
import {
  groupParked,
  listParked,
  settleParked,
  type ParkedEvent,
  type ParkedGroup,
  type Settlement,
  type SubjectDatabase,
} from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import { discardBody, parkedPath, parkedQuery, releaseBody } from './requests.ts';
import { DATABASES } from './trace.controller.ts';

/** Which events wait for someone to look at them, and what is to become of them? A department sees its own. */
@Controller('v1/parked')
export class ParkedController {
  readonly #databases: readonly SubjectDatabase[];

  constructor(@Inject(DATABASES) databases: readonly SubjectDatabase[]) {
    this.#databases = databases;
  }

  @Get()
  @Roles('operator', 'steward', 'department')
  async list(
    @Query() query: unknown,
    @CurrentCaller() { department }: Caller,
  ): Promise<{ parked: ParkedEvent[]; next: string | null; groups: ParkedGroup[] }> {
    const { state, dataset, limit, before } = readInput(parkedQuery, query);
    const visible = visibleDatasets(dataset, department);
    const filter = { state: state === 'all' ? undefined : state, datasets: visible, limit, before };
    const [page, groups] = await Promise.all([
      listParked(this.#databases, filter),
      groupParked(this.#databases, visible),
    ]);
    return { ...page, groups };
  }

  @Post(':database/:id/release')
  @Roles('operator')
  release(
    @Param() path: unknown,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Settlement> {
    return this.#settle('release', path, readInput(releaseBody, body ?? {}).reason, caller, reply);
  }

  @Post(':database/:id/discard')
  @Roles('operator')
  discard(
    @Param() path: unknown,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Settlement> {
    return this.#settle('discard', path, readInput(discardBody, body).reason, caller, reply);
  }

  async #settle(
    action: 'release' | 'discard',
    path: unknown,
    reason: string | undefined,
    caller: Caller,
    reply: FastifyReply,
  ): Promise<Settlement> {
    const { database: name, id } = readInput(parkedPath, path);
    const database = databaseOf(this.#databases, name);
    const settlement = await settleParked(database, { id, action, by: caller.name, reason });
    // Accepted, not done: the lane's owner will find the request when it works again.
    reply.status(settlement.outcome === null ? 202 : 200);
    return settlement;
  }
}

/** The database of a name, with hyphens or underscores; NOT_FOUND where there is none. */
export function databaseOf(databases: readonly SubjectDatabase[], name: string): SubjectDatabase {
  const database = databases.find((known) => known.name === name.replaceAll('_', '-'));
  if (!database) throw new HuitongError('NOT_FOUND', '没有这个库 / there is no such database');
  return database;
}

/** The datasets that the caller may see and asked for; undefined for all. */
export function visibleDatasets(asked: string | undefined, department: string | undefined): DatasetName[] | undefined {
  if (asked !== undefined && !isDatasetName(asked))
    throw new HuitongError('DATASET_UNKNOWN', '没有这个数据资源 / the catalogue has no such dataset');
  const wanted = asked === undefined ? undefined : [asked];
  if (department === undefined) return wanted;
  return (wanted ?? datasetNames).filter((dataset) => datasets[dataset].department === department);
}
