import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { datasetNames, HuitongError, type EventCodec } from '@huitong/change-event';
import {
  askForCorrection,
  askForParked,
  batchEvents,
  checkMaySee,
  databaseOf,
  judgeDiscard,
  listBatches,
  listParked,
  openParked,
  parkedActions,
  type AccessLog,
  type StewardDatabase,
} from '@huitong/governance';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import type { Asked, BatchEvents, ParkedBatches, ParkedDetail, ParkedPage } from './contract.ts';
import { LiveFeed } from './live-feed.ts';

export const STEWARDS = Symbol('stewards');
export const CODEC = Symbol('codec');
export const ACCESS_LOG = Symbol('access log');

const id = z.int().positive();
const reason = z.string().trim().min(2).max(500);
const cause = { dataset: z.enum(datasetNames), code: z.string().max(50), schemaId: z.int().min(0).nullable() };
const listQuery = z.strictObject({
  database: z.string(),
  dataset: cause.dataset,
  code: cause.code,
  schemaId: z.coerce.number().int().optional(),
  before: z.string().optional(),
});
const openBody = z.strictObject({ database: z.string(), id, purpose: z.string().trim().optional() });
const requestBody = z
  .strictObject({
    database: z.string(),
    action: z.enum(parkedActions),
    choice: z.union([z.strictObject({ ids: z.array(id).min(1).max(1_000) }), z.strictObject(cause)]),
    reason: reason.optional(),
  })
  .refine(({ action, reason }) => reason !== undefined || action === 'try' || action === 'release', {
    path: ['reason'],
    error: 'say why',
  });
const correctBody = z.strictObject({ database: z.string(), id, event: z.record(z.string(), z.unknown()), reason });
const judgeBody = z.strictObject({ database: z.string(), batch: z.guid(), agree: z.boolean() });
const batchPath = z.object({ database: z.string(), batch: z.guid() });
const batchQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });

const pageSize = 50;
/** As far as one scrolls at a time. */
const eventsPage = 200;
const batchesMax = 20;

/**
 * Events that wait for people: what they suffer from, one of them opened, and what is to become of them. Whoever asks for
 * something, and whoever agrees, is kept with the request. Values are for stewards who say what for.
 */
@Controller('v1/parked')
export class ParkedController {
  readonly #databases: readonly StewardDatabase[];
  readonly #codec: () => Promise<EventCodec>;
  readonly #log: AccessLog;
  readonly #feed: LiveFeed;

  constructor(
    @Inject(STEWARDS) databases: readonly StewardDatabase[],
    @Inject(CODEC) codec: () => Promise<EventCodec>,
    @Inject(ACCESS_LOG) log: AccessLog,
    @Inject(LiveFeed) feed: LiveFeed,
  ) {
    this.#databases = databases;
    this.#codec = codec;
    this.#log = log;
    this.#feed = feed;
  }

  @Get('events')
  @Roles('operator', 'steward', 'auditor')
  events(@Query() query: unknown): Promise<ParkedPage> {
    const { database, dataset, code, schemaId, before } = readInput(listQuery, query);
    return listParked([databaseOf(this.#databases, database)], {
      state: 'parked',
      datasets: [dataset],
      cause: { code, schemaId: schemaId ?? null },
      limit: eventsPage,
      before,
    });
  }

  @Post('open')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async open(
    @Body() body: unknown,
    @CurrentCaller() { name: caller, role }: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<ParkedDetail> {
    const { database: name, id, purpose } = readInput(openBody, body);
    if (purpose !== undefined) checkMaySee(role, 'what an event says');
    const parts = { database: databaseOf(this.#databases, name), codec: await this.#codec(), log: this.#log };
    return openParked(
      parts,
      id,
      purpose === undefined ? undefined : { caller, role, purpose, route: '/v1/parked/open', traceId },
    );
  }

  @Post('requests')
  @HttpCode(202)
  @Roles('operator', 'steward')
  async ask(@Body() body: unknown, @CurrentCaller() { name: by }: Caller): Promise<Asked> {
    const { database, choice, action, reason } = readInput(requestBody, body);
    const asked = await askForParked(databaseOf(this.#databases, database), { choice, action, by, reason });
    return this.#changed(asked);
  }

  @Post('corrections')
  @HttpCode(202)
  @Roles('steward')
  async correct(@Body() body: unknown, @CurrentCaller() { name: by }: Caller): Promise<Asked> {
    const { database, id, event, reason } = readInput(correctBody, body);
    const asked = await askForCorrection(databaseOf(this.#databases, database), { id, corrected: event, by, reason });
    if (!('problem' in asked)) return this.#changed(asked);
    const { code, message, field } = asked.problem;
    throw new HuitongError(code, message, { context: { field } });
  }

  @Get('batches')
  @Roles('operator', 'steward', 'auditor')
  async batches(): Promise<ParkedBatches> {
    return { batches: await listBatches(this.#databases, batchesMax) };
  }

  @Get('batches/:database/:batch')
  @Roles('operator', 'steward', 'auditor')
  async batch(@Param() path: unknown, @Query() query: unknown): Promise<BatchEvents> {
    const { database, batch } = readInput(batchPath, path);
    const { after } = readInput(batchQuery, query);
    const page = { batch, after, limit: pageSize };
    return { events: await batchEvents(databaseOf(this.#databases, database), page) };
  }

  @Post('judgements')
  @HttpCode(200)
  @Roles('operator', 'steward')
  async judge(@Body() body: unknown, @CurrentCaller() { name: by }: Caller): Promise<{ judged: number }> {
    const { database, batch, agree } = readInput(judgeBody, body);
    const judged = await judgeDiscard(databaseOf(this.#databases, database), { batch, by, agreed: agree });
    return this.#changed({ judged });
  }

  #changed<Answer>(answer: Answer): Answer {
    this.#feed.changed('parked');
    return answer;
  }
}
