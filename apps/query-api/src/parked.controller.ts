import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { datasetNames, datasets, HuitongError, isDatasetName, type DatasetName } from '@huitong/change-event';
import {
  agreeToDiscard,
  databaseOf,
  groupParked,
  listParked,
  settleParked,
  type ParkedEvent,
  type ParkedGroup,
  type Settlement,
  type SubjectDatabase,
} from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import { parkedPath, parkedQuery, reasonBody, releaseBody } from './requests.ts';
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
  @Roles('operator', 'steward')
  discard(
    @Param() path: unknown,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Settlement> {
    return this.#settle('discard', path, readInput(reasonBody, body).reason, caller, reply);
  }

  @Post(':database/:id/send-back')
  @Roles('operator', 'steward')
  sendBack(
    @Param() path: unknown,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Settlement> {
    return this.#settle('send-back', path, readInput(reasonBody, body).reason, caller, reply);
  }

  /** The word of the second person, without which nothing is given up for good. */
  @Post(':database/:id/agree')
  @Roles('operator', 'steward')
  async agree(
    @Param() path: unknown,
    @CurrentCaller() { name: by }: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Settlement> {
    const { database: name, id } = readInput(parkedPath, path);
    return answered(reply, await agreeToDiscard(databaseOf(this.#databases, name), { id, by }));
  }

  async #settle(
    action: 'release' | 'discard' | 'send-back',
    path: unknown,
    reason: string | undefined,
    { name: by }: Caller,
    reply: FastifyReply,
  ): Promise<Settlement> {
    const { database: name, id } = readInput(parkedPath, path);
    return answered(reply, await settleParked(databaseOf(this.#databases, name), { id, action, by, reason }));
  }
}

/** Accepted, not done: the lane's owner will find the request when it works again, or a second person has to agree. */
function answered(reply: FastifyReply, settlement: Settlement): Settlement {
  reply.status(settlement.outcome === null ? 202 : 200);
  return settlement;
}

/** The datasets that the caller may see and asked for; undefined for all. */
export function visibleDatasets(asked: string | undefined, department: string | undefined): DatasetName[] | undefined {
  if (asked !== undefined && !isDatasetName(asked))
    throw new HuitongError('DATASET_UNKNOWN', '没有这个数据资源 / the catalogue has no such dataset');
  const wanted = asked === undefined ? undefined : [asked];
  if (department === undefined) return wanted;
  return (wanted ?? datasetNames).filter((dataset) => datasets[dataset].department === department);
}
