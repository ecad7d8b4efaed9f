import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { listRebuilds, rebuildActions, requestRebuild, type SubjectDatabase } from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import type { AskedRebuilds } from './contract.ts';
import { DATABASES } from './follow.controller.ts';
import { LiveFeed } from './live-feed.ts';

const body = z
  .strictObject({
    subject: z.string().max(100),
    action: z.enum(rebuildActions),
    differencesMax: z.int().min(0).max(100_000_000).default(0),
    reason: z.string().trim().min(2).max(500).optional(),
  })
  .refine(({ action, reason }) => action === 'compare' || reason !== undefined, { path: ['reason'], error: 'say why' });

const requestsMax = 20;

/** New generations of subject databases: compared, swapped in and back. Counts only, no record is named. */
@Controller('v1')
export class RebuildsController {
  readonly #databases: readonly SubjectDatabase[];
  readonly #feed: LiveFeed;

  constructor(@Inject(DATABASES) databases: readonly SubjectDatabase[], @Inject(LiveFeed) feed: LiveFeed) {
    this.#databases = databases;
    this.#feed = feed;
  }

  @Get('rebuilds')
  @Roles('operator', 'steward', 'auditor')
  async all(): Promise<AskedRebuilds> {
    return { rebuilds: await listRebuilds(this.#databases, requestsMax) };
  }

  @Post('rebuilds')
  @HttpCode(202)
  @Roles('operator')
  async ask(@Body() input: unknown, @CurrentCaller() { name: by }: Caller): Promise<{ database: string; id: number }> {
    const asked = await requestRebuild(this.#databases, { by, reason: undefined, ...readInput(body, input) });
    this.#feed.changed('rebuilds');
    return asked;
  }
}
