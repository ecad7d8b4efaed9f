import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { datasetNames } from '@huitong/change-event';
import { listProofRequests, proofStates, requestProof, type SubjectDatabase } from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import type { AskedProofs, Proofs } from './contract.ts';
import { DATABASES } from './follow.controller.ts';
import { LiveFeed } from './live-feed.ts';

const path = z.object({ dataset: z.enum(datasetNames) });
const body = z
  .strictObject({
    repair: z.boolean().default(false),
    atMost: z.int().min(0).max(1_000_000).default(100),
    reason: z.string().trim().min(2).max(500).optional(),
  })
  .refine(({ repair, reason }) => !repair || reason !== undefined, { path: ['reason'], error: 'say why' });

const requestsMax = 20;

/** Are the facts what their sources hold, where are they not, and what is done about it? Counts only, no record is named. */
@Controller('v1')
export class ProofsController {
  readonly #databases: readonly SubjectDatabase[];
  readonly #feed: LiveFeed;

  constructor(@Inject(DATABASES) databases: readonly SubjectDatabase[], @Inject(LiveFeed) feed: LiveFeed) {
    this.#databases = databases;
    this.#feed = feed;
  }

  @Get('proofs')
  @Roles('operator', 'steward', 'auditor')
  async all(): Promise<Proofs> {
    return { proofs: await proofStates(this.#databases, { of: undefined, withBuckets: false }) };
  }

  @Get('proofs/:dataset')
  @Roles('operator', 'steward', 'auditor')
  async one(@Param() param: unknown): Promise<Proofs> {
    const { dataset } = readInput(path, param);
    return { proofs: await proofStates(this.#databases, { of: [dataset], withBuckets: true }) };
  }

  @Get('proof-requests')
  @Roles('operator', 'steward', 'auditor')
  async requests(): Promise<AskedProofs> {
    return { requests: await listProofRequests(this.#databases, requestsMax) };
  }

  @Post('proofs/:dataset/requests')
  @HttpCode(202)
  @Roles('operator')
  async ask(
    @Param() param: unknown,
    @Body() input: unknown,
    @CurrentCaller() { name: by }: Caller,
  ): Promise<{ asked: number }> {
    const { dataset } = readInput(path, param);
    const { repair, atMost, reason } = readInput(body, input);
    const asked = await requestProof(this.#databases, { dataset, repair, atMost, by, reason });
    this.#feed.changed('proofs');
    return { asked: asked.length };
  }
}
