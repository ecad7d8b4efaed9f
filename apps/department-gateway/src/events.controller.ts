import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { HuitongError, sourceClockSkewMs } from '@huitong/change-event';
import {
  CurrentCaller,
  CurrentTrace,
  problemOf,
  readInput,
  Roles,
  sendProblem,
  type Caller,
  type Trace,
} from '@huitong/service-kit';
import { ownDataset } from './own-dataset.ts';
import { Intake } from './intake.ts';

/** The body of a heartbeat; without `at` it is now. */
export const heartbeatBody = z.strictObject({ at: z.iso.datetime({ offset: true }).optional() });

/** Where departments send their change events and heartbeats. */
@Controller('v1/datasets/:dataset')
export class EventsController {
  readonly #intake: Intake;

  constructor(@Inject(Intake) intake: Intake) {
    this.#intake = intake;
  }

  @Post('events')
  @Roles('department')
  async events(
    @Param('dataset') name: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() { traceparent }: Trace,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { dataset, department } = ownDataset(name, caller);
    const result = await this.#intake.takeEvents({ dataset, department, traceparent }, body);
    if (result.accepted > 0) {
      reply.status(202).send(result);
      return;
    }
    const detail = '没有可接收的事件 / none of the events could be accepted';
    sendProblem(reply, { ...problemOf('EVENT_INVALID', detail), ...result });
  }

  @Post('heartbeats')
  @HttpCode(202)
  @Roles('department')
  async heartbeats(
    @Param('dataset') name: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() { traceparent }: Trace,
  ): Promise<{ partitions: number; at: string }> {
    const { dataset, department } = ownDataset(name, caller);
    const { at: given } = readInput(heartbeatBody, body ?? {});
    const at = given === undefined ? new Date() : new Date(given);
    if (at.getTime() > Date.now() + sourceClockSkewMs)
      throw new HuitongError('REQUEST_INVALID', '晚于当前时间 / it lies in the future', { context: { field: 'at' } });
    const partitions = await this.#intake.takeHeartbeat({ dataset, department, traceparent }, at);
    return { partitions, at: at.toISOString() };
  }
}
