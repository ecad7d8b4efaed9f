import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import 'reflect-metadata';
import { Redis } from 'ioredis';
import { Agent, request } from 'undici';
import { datasetNames, datasets, laneOf, type ChangeEvent, type DatasetName } from '@huitong/change-event';
import { createTopicAdmin, type TopicAdmin } from '@huitong/event-stream';
import { exchangeGrants, exchangeMigrations, subjectDatabaseGrants } from '@huitong/governance';
import { migrate, type Database } from '@huitong/postgres';
import { createLogger, serve, type RunningService } from '@huitong/service-kit';
import { claimLanes, createLanes, createTablesSql, SubjectEngine, type Incoming } from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { createTestDatabase, requiredData, type TestDatabase } from '@huitong/testkit';
import { serviceOf } from '../src/app.module.ts';
import { readConfigFrom } from '../src/config.ts';

export const partitions = 12;
export const brokers = process.env['KAFKA_BROKERS']!.split(',');

/** A citizen of the spec, and the lane of that id. */
export const citizen = '340204199001011234';
export const lane = laneOf(citizen, partitions);
/** A valid id of whom nothing is known. */
export const stranger = '110101199003070038';
export const purpose = `purpose=${encodeURIComponent('低保复核')}`;

/** An answer of the service; specs take its JSON as it comes. */
export interface Answer {
  readonly status: number;
  readonly json: ReturnType<typeof JSON.parse>;
}

/** An address that takes on one of production's roles. */
export const as = (role: string, url: string): string => `${url}?options=${encodeURIComponent(`-c role=${role}`)}`;

/** An event of a dataset, complete but for its data. */
export function eventOf(dataset: DatasetName, data: object, changes: Partial<ChangeEvent> = {}): ChangeEvent {
  return {
    event_id: randomUUID(),
    verb: 'CREATED',
    previous_event_id: null,
    reason: Object.keys(datasets[dataset].reasons)[0]!,
    source_record_id: 'r1',
    source_version: 1,
    valid_from: '2020-01-01',
    valid_to: null,
    recorded_at: Date.now(),
    data: { ...requiredData(dataset), ...data } as never,
    ...changes,
  };
}

/** Databases of a spec's own with production's tables and grants, the run's Kafka and Redis, and the query API on them. */
export class QueryCity {
  readonly stores = new Map<string, TestDatabase>();
  readonly admin: TopicAdmin = createTopicAdmin({ brokers, clientId: 'query-api-spec' });
  readonly redis = new Redis(process.env['REDIS_URL']!);
  readonly #agents = new Map<string, Agent>();
  exchange!: TestDatabase;
  service!: RunningService;
  engine!: SubjectEngine;
  /** Far above what other specs publish to the same topics, so that theirs never look like lag of ours. */
  nextOffset = 1_000_000;

  static async open(): Promise<QueryCity> {
    const city = new QueryCity();
    await Promise.all([city.#createDatabases(), city.#createTopics()]);
    city.engine = new SubjectEngine(city.population, databases.get('population')!);
    city.service = await city.start();
    return city;
  }

  get population(): Database {
    return this.stores.get('population')!.database;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#agents.values()].map((agent) => agent.close()));
    await this.service.close();
    this.redis.disconnect();
    await this.admin.disconnect();
    for (const store of [...this.stores.values(), this.exchange]) await store.drop();
  }

  /** One more query API, with other settings. */
  start(changes: Record<string, string> = {}): Promise<RunningService> {
    const urls = [...this.stores].flatMap(([name, { url }]) => [
      [`${name.toUpperCase()}_DATABASE_URL`, as('huitong_reader', url)],
      [`OPERATOR_${name.toUpperCase()}_DATABASE_URL`, as('huitong_operator', url)],
    ]);
    const config = readConfigFrom({
      ...process.env,
      ...(Object.fromEntries(urls) as Record<string, string>),
      QUERY_PORT: '0',
      LOG_LEVEL: 'silent',
      ACCESS_LOG_URL: as('huitong_access', this.exchange.url),
      AUDIT_URL: as('huitong_auditor', this.exchange.url),
      ...changes,
    });
    return serve({ ...serviceOf(config), logger: createLogger('query-api', { level: 'silent' }) });
  }

  /** Calls as the bearer of a certificate; `nobody` shows none. With a body it posts. */
  async call(
    who: string,
    path: string,
    options: { body?: object; headers?: Record<string, string>; at?: RunningService } = {},
  ): Promise<Answer> {
    const { body, headers, at = this.service } = options;
    const answer = await request(`${at.url}${path}`, {
      dispatcher: await this.#agentOf(who),
      method: body ? 'POST' : 'GET',
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, json: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /** Applies events as the sync service does; `garbage` is a message that cannot be read. */
  async apply(dataset: DatasetName, events: readonly (ChangeEvent | 'garbage')[]): Promise<void> {
    const claimed = await claimLanes(this.population, 'spec', [lane]);
    const { topic } = datasets[dataset];
    const incoming = events.map((event): Incoming => {
      const offset = this.nextOffset++;
      const base = { offset, key: Buffer.from(citizen), value: Buffer.from([0]), lane, dataset, topic };
      const ids = { ce_id: randomUUID() };
      const headers = () => ids;
      if (event !== 'garbage') return { ...base, headers, kind: 'event', event, subjectId: citizen };
      return { ...base, headers, kind: 'unreadable', code: 'EVENT_UNREADABLE', schemaId: 7 };
    });
    const result = await this.engine.apply({ lanes: new Map(claimed.map((row) => [row.lane, row])), incoming });
    if (result.status !== 'applied') throw new Error(result.status);
  }

  /** The access log, oldest first. */
  async logged(): Promise<Record<string, unknown>[]> {
    const { rows } = await this.exchange.database.query<Record<string, unknown>>(
      'select * from access_log order by id',
    );
    return rows;
  }

  async #agentOf(who: string): Promise<Agent> {
    const known = this.#agents.get(who);
    if (known) return known;
    const pem = (file: string) => readFile(join(process.env['CERTS_DIR']!, file), 'utf8');
    const identity = who === 'nobody' ? {} : { cert: await pem(`${who}.pem`), key: await pem(`${who}-key.pem`) };
    const agent = new Agent({ connect: { ca: await pem('ca.pem'), ...identity } });
    this.#agents.set(who, agent);
    return agent;
  }

  async #createDatabases(): Promise<void> {
    this.exchange = await createTestDatabase('');
    await migrate(this.exchange.url, exchangeMigrations);
    // Production's roles without passwords; another spec may create them at the same moment.
    for (const role of ['huitong_reader', 'huitong_operator', 'huitong_steward', 'huitong_access', 'huitong_auditor'])
      await this.exchange.database.query(
        `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`,
      );
    await this.exchange.database.query(exchangeGrants);
    for (const [name, plan] of databases) {
      const store = await createTestDatabase(createTablesSql(plan));
      await createLanes(store.database, partitions);
      await store.database.query(subjectDatabaseGrants);
      this.stores.set(name, store);
    }
  }

  async #createTopics(): Promise<void> {
    const topics = datasetNames.map((dataset) => datasets[dataset].topic);
    await this.admin.ensureTopics(topics.map((topic) => ({ topic, partitions })));
    // A new partition has its leader a moment after its topic.
    for (;;) {
      const ends = await this.admin.endOffsets(topics).catch(() => undefined);
      if (ends?.size === topics.length) return;
      await sleep(100);
    }
  }
}
