import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { datasetNames } from '@huitong/change-event';
import { alarmRules, AlarmWatch, type Channels } from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import type { Alarms } from './contract.ts';
import { LiveFeed } from './live-feed.ts';

export const CHANNELS = Symbol('channels');

const path = z.object({ id: z.coerce.number().int().positive() });
const silenceBody = z
  .strictObject({
    rule: z.enum(alarmRules).nullable(),
    dataset: z.enum(datasetNames).nullable(),
    place: z.string().trim().min(1).max(100).nullable(),
    minutes: z
      .int()
      .min(1)
      .max(30 * 24 * 60),
    reason: z.string().trim().min(2).max(500),
  })
  .refine(({ rule, dataset, place }) => (rule ?? dataset ?? place) !== null, {
    path: ['rule'],
    error: 'name a rule, a dataset or a place',
  });

/** Alarms as people see them: which there are, who sees to them, which are silenced, and what was sent to whom. */
@Controller('v1')
export class AlarmsController {
  readonly #alarms: AlarmWatch;
  readonly #feed: LiveFeed;
  readonly #channels: Channels;

  constructor(
    @Inject(AlarmWatch) alarms: AlarmWatch,
    @Inject(LiveFeed) feed: LiveFeed,
    @Inject(CHANNELS) channels: Channels,
  ) {
    this.#alarms = alarms;
    this.#feed = feed;
    this.#channels = channels;
  }

  @Get('alarms')
  @Roles('operator', 'steward', 'auditor')
  async list(): Promise<Alarms> {
    const { book } = this.#alarms;
    const nowMs = Date.now();
    const [alarms, silences, notices] = await Promise.all([book.list(nowMs), book.silences(nowMs), book.notices()]);
    return { alarms, silences, notices, channels: [...this.#channels.keys()], rules: alarmRules };
  }

  @Post('alarms/:id/acknowledgements')
  @HttpCode(200)
  @Roles('operator')
  async acknowledge(@Param() param: unknown, @CurrentCaller() { name: by }: Caller): Promise<object> {
    await this.#alarms.book.acknowledge(readInput(path, param).id, by);
    return this.#changed();
  }

  @Post('silences')
  @HttpCode(201)
  @Roles('operator')
  async silence(@Body() body: unknown, @CurrentCaller() { name: by }: Caller): Promise<object> {
    const { minutes, ...asked } = readInput(silenceBody, body);
    await this.#alarms.book.silence({ ...asked, untilMs: Date.now() + minutes * 60_000, by });
    return this.#changed();
  }

  @Post('silences/:id/end')
  @HttpCode(200)
  @Roles('operator')
  async endSilence(@Param() param: unknown, @CurrentCaller() { name: by }: Caller): Promise<object> {
    await this.#alarms.book.endSilence(readInput(path, param).id, by, Date.now());
    return this.#changed();
  }

  #changed(): object {
    this.#feed.changed('alarms');
    return {};
  }
}
