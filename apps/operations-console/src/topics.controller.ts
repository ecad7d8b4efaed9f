import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { compareSchemas, fieldsOfSchema, HuitongError, type SchemaComparison } from '@huitong/change-event';
import { topicPlaceOf, topicStates, topicWriters, type TopicPage, type TopicState } from '@huitong/governance';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import type { TopicWriters, Topics, TopicSchemas } from './contract.ts';
import { lookInto, lookQuestion, TopicSources } from './topic-sources.ts';

const lookBody = z.strictObject({
  ...lookQuestion.shape,
  edges: z
    .array(z.strictObject({ partition: z.int().min(0), edge: z.int().min(0) }))
    .max(1_000)
    .optional(),
});
const topicPath = z.object({ topic: z.string().max(249) });
const comparePath = z.object({
  topic: z.string().max(249),
  from: z.coerce.number().int(),
  to: z.coerce.number().int(),
});

/** One page of messages; a key may lie far behind, but nobody waits longer than this without an answer. */
const page = { messages: 50, scanned: 20_000, ms: 4_000 };
/** Pages that are open ask every few seconds; the brokers are asked once for all of them. */
const statesForMs = 2_000;

/**
 * What lies on the brokers, and the schemas it was written with. What is looked for comes in the body; values are for
 * stewards who say what for, and whoever looks for a key says so, too.
 */
@Controller('v1/topics')
export class TopicsController {
  readonly #sources: TopicSources;
  #states: { readonly atMs: number; readonly states: Promise<TopicState[]> } | undefined;

  constructor(@Inject(TopicSources) sources: TopicSources) {
    this.#sources = sources;
  }

  @Get()
  @Roles('operator', 'steward', 'auditor')
  async topics(): Promise<Topics> {
    if (!this.#states || Date.now() - this.#states.atMs > statesForMs) {
      const states = topicStates(this.#sources.admin, this.#sources.places);
      this.#states = { atMs: Date.now(), states };
      states.catch(() => (this.#states = undefined));
    }
    return { topics: await this.#states.states };
  }

  @Post('messages')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async messages(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<TopicPage> {
    const { edges, ...asked } = readInput(lookBody, body);
    const asker = { caller: caller.name, role: caller.role, route: '/v1/topics/messages', traceId };
    return (await lookInto(this.#sources, { ...asked, ...(edges && { edges }) }, asker)).page(page);
  }

  @Get(':topic/schemas')
  @Roles('operator', 'steward', 'auditor')
  async schemas(@Param() path: unknown): Promise<TopicSchemas> {
    const { topic, dataset } = this.#datasetTopic(readInput(topicPath, path).topic);
    const codec = await this.#sources.codec();
    const { registry } = this.#sources;
    const [versions, compatibility] = await Promise.all([
      registry.versionsOf(`${topic}-value`),
      registry.compatibilityOf(`${topic}-value`),
    ]);
    return {
      compatibility,
      readerId: codec.idOf(dataset),
      versions: await Promise.all(
        versions.map(async ({ version, id, schema }) => ({
          ...{ version, id, fields: fieldsOfSchema(schema) },
          reading: await codec.readability(dataset, id),
        })),
      ),
    };
  }

  @Get(':topic/schemas/:from/:to')
  @Roles('operator', 'steward', 'auditor')
  async compare(@Param() path: unknown): Promise<SchemaComparison> {
    const { topic, from, to } = readInput(comparePath, path);
    const versions = await this.#sources.registry.versionsOf(`${this.#datasetTopic(topic).topic}-value`);
    const schemaOf = (version: number): string => {
      const found = versions.find((one) => one.version === version);
      if (!found) throw new HuitongError('NOT_FOUND', '没有这个模式版本 / there is no such version of the schema');
      return found.schema;
    };
    return compareSchemas(schemaOf(from), schemaOf(to));
  }

  @Get(':topic/writers')
  @Roles('operator', 'steward', 'auditor')
  async writers(@Param() path: unknown): Promise<TopicWriters> {
    const place = this.#datasetTopic(readInput(topicPath, path).topic);
    return topicWriters({ ...this.#sources, codec: await this.#sources.codec() }, place);
  }

  #datasetTopic(topic: string) {
    const { dataset, ...place } = topicPlaceOf(this.#sources.places, topic);
    if (dataset) return { ...place, dataset };
    throw new HuitongError('NOT_FOUND', '该主题的消息没有模式 / the messages of this topic have no schema');
  }
}
