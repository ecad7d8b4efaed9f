import { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { tableFormats, type SubjectDatabase } from '@huitong/governance';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import { begun, bounded } from './bounded-rows.ts';
import { tableExports, type Export, type Exporter, type ExportSources } from './exports.ts';
import { DATABASES } from './follow.controller.ts';
import { LiveFeed } from './live-feed.ts';
import { TopicSources } from './topic-sources.ts';

const names = Object.keys(tableExports) as [keyof typeof tableExports, ...(keyof typeof tableExports)[]];
const path = z.object({ name: z.enum(names) });
const formatBody = z.looseObject({
  format: z.enum(Object.keys(tableFormats) as [keyof typeof tableFormats]),
  language: z.enum(['zh', 'en']).default('zh'),
  of: z.unknown(),
});

/** Rows of one file; Excel opens more, but nobody reads them, and whoever needs all has the database. */
const rowsMax = 200_000;

/**
 * The console's tables as CSV or Excel, as they are read: with the rights of who asks, under the same masking, and where they
 * hold values, in the access log before each piece of them leaves. What fails before the first row is answered as a problem; what
 * fails later breaks the answer off, so that no half file passes for a whole one.
 */
@Controller('v1/exports')
export class ExportsController {
  readonly #sources: ExportSources;

  constructor(
    @Inject(DATABASES) databases: readonly SubjectDatabase[],
    @Inject(LiveFeed) feed: LiveFeed,
    @Inject(TopicSources) topics: TopicSources,
  ) {
    this.#sources = { databases, feed, topics };
  }

  @Post(':name')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async export(
    @Param() param: unknown,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() { traceId }: Trace,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { name } = readInput(path, param);
    const { format, language, of } = readInput(formatBody, body);
    const exporter = { caller: caller.name, role: caller.role, route: `/v1/exports/${name}`, traceId };
    const { title } = tableExports[name];
    const { heads, rows } = await this.#begin(name, of ?? {}, exporter);
    const table = {
      name: title[language],
      heads: heads.map((head) => head[language]),
      rows: bounded(await begun(rows), rowsMax),
    };
    const file = `${name}-${new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')}.${format}`;
    void reply
      .headers({ 'cache-control': 'no-store', 'content-disposition': `attachment; filename="${file}"` })
      .type(tableFormats[format].type)
      .send(Readable.from(tableFormats[format].write(table)));
  }

  async #begin(name: keyof typeof tableExports, of: unknown, exporter: Exporter): Promise<Export> {
    const { input, begin } = tableExports[name] as (typeof tableExports)['messages'];
    return begin(this.#sources, readInput(input, of), exporter);
  }
}
