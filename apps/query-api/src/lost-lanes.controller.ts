import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { HuitongError, isDatasetName } from '@huitong/change-event';
import {
  databaseOf,
  listLostLanes,
  resumeLane,
  type LostLane,
  type Resumption,
  type SubjectDatabase,
} from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import { visibleDatasets } from './parked.controller.ts';
import { lanePath, lostLanesQuery, resumeBody } from './requests.ts';
import { DATABASES } from './trace.controller.ts';

/** Which lanes stand still because their next events are gone, and which of them go on? A department sees its own. */
@Controller('v1/lost-lanes')
export class LostLanesController {
  readonly #databases: readonly SubjectDatabase[];

  constructor(@Inject(DATABASES) databases: readonly SubjectDatabase[]) {
    this.#databases = databases;
  }

  @Get()
  @Roles('operator', 'steward', 'auditor', 'department')
  async list(@Query() query: unknown, @CurrentCaller() { department }: Caller): Promise<{ lostLanes: LostLane[] }> {
    const { dataset } = readInput(lostLanesQuery, query);
    return { lostLanes: await listLostLanes(this.#databases, visibleDatasets(dataset, department)) };
  }

  @Post(':database/:dataset/:lane/resume')
  @Roles('operator')
  async resume(
    @Param() path: unknown,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Resumption> {
    const { database, dataset, lane } = readInput(lanePath, path);
    if (!isDatasetName(dataset))
      throw new HuitongError('DATASET_UNKNOWN', '没有这个数据资源 / the catalogue has no such dataset');
    const request = { ...readInput(resumeBody, body), dataset, lane, by: caller.name };
    const resumption = await resumeLane(databaseOf(this.#databases, database), request);
    reply.status(resumption.outcome === null ? 202 : 200);
    return resumption;
  }
}
