import {
  HuitongError,
  laneOf,
  type ChangeEvent,
  type DatasetName,
  type EventCodec,
  type Statement,
  type Verb,
} from '@huitong/change-event';
import { openDatabase, type Database } from '@huitong/postgres';
import { createTestDatabase, requiredData, type TestDatabase } from '@huitong/testkit';
import { randomUUID } from 'node:crypto';
import { count, from, inForce, list, max, subject, sum } from './declaration.ts';
import { SubjectEngine } from './engine.ts';
import type { Incoming } from './incoming.ts';
import { claimLanes, createLanes, type Lane } from './lanes.ts';
import type { PlainFact } from './oracle.ts';
import { planDatabase, type DatabasePlan } from './plan.ts';
import { bitOf, presentColumn } from './present-datasets.ts';
import { createTablesSql } from './tables-sql.ts';

/** A small subject database with every kind of derivation, over real datasets, for the engine's specs. */
export const person = subject({
  name: 'person',
  title: { zh: '人', en: 'Person' },
  database: 'people',
  datasets: ['psb.household-register', 'psb.residence-permit', 'psb.vehicle', 'hrss.pension-payment'],
  aliases: ['psb.residence-permit.formerCardNo'],
  fields: {
    name: from('psb.household-register.name', 'psb.residence-permit.name'),
    address: from('psb.residence-permit.residenceAddress', 'psb.household-register.householdAddress'),
    registered: inForce('psb.household-register'),
    vehicles: count('psb.vehicle'),
    plates: list('psb.vehicle', ['plateNo', 'seats'], ['plateNo']),
    lastPaid: max('hrss.pension-payment.month'),
    paidTotal: sum('hrss.pension-payment.amount'),
  },
});

/** The plan of {@link person}'s database. */
export const people = planDatabase([person]);

/** Of the specs' databases. */
export const lanes = 4;

/** An id as departments give them, made within some hours; now and then one that does not say when it was made, as none should. */
function eventId(): string {
  const id = randomUUID();
  if (id.startsWith('0')) return id;
  const madeMs = (Date.now() - parseInt(id.slice(0, 4), 16) * 200).toString(16).padStart(12, '0');
  return `${madeMs.slice(0, 8)}-${madeMs.slice(8)}-7${id.slice(15)}`;
}

/** A fact of one version; what is not given is plain. */
export function factOf(options: {
  dataset?: DatasetName;
  subjectId: string;
  record?: string;
  version: number;
  verb?: Verb;
  validFrom?: string | null;
  validTo?: string | null;
  data?: Record<string, unknown>;
}): PlainFact {
  const { dataset = 'psb.household-register', subjectId, record = 'r1', version, verb = 'CREATED' } = options;
  const event = {
    event_id: eventId(),
    verb,
    previous_event_id: null,
    reason: 'INITIAL_LOAD',
    source_record_id: `${dataset}-${record}`,
    source_version: version,
    valid_from: options.validFrom ?? null,
    valid_to: options.validTo ?? null,
    recorded_at: 1_700_000_000_000 + version,
    data: verb === 'ANNULLED' ? null : { ...requiredData(dataset), ...options.data, citizenId: subjectId },
  };
  return { dataset, subjectId, event: event as unknown as ChangeEvent };
}

/** The engine over an empty database of the spec's own, with messages numbered as a broker would. */
export class TestPeople {
  readonly engine: SubjectEngine;
  readonly #test: TestDatabase;
  readonly #plan: DatabasePlan;
  readonly #pipelined: Database;
  readonly #offsets = new Map<string, number>();
  /** All messages, in the order in which they were published. */
  readonly published: Incoming[] = [];
  lanes: Map<number, Lane> = new Map();

  private constructor(test: TestDatabase, plan: DatabasePlan) {
    this.#test = test;
    this.#plan = plan;
    const asTheServiceHasIt = { connectionsMax: 3, pipelined: true, byKey: true };
    this.#pipelined = openDatabase({ url: test.url, applicationName: 'engine', ...asTheServiceHasIt });
    this.engine = new SubjectEngine(this.#pipelined, plan);
  }

  static async create(plan = people): Promise<TestPeople> {
    const test = await createTestDatabase(createTablesSql(plan));
    await createLanes(test.database, lanes);
    const result = new TestPeople(test, plan);
    await result.claim();
    return result;
  }

  get database(): TestDatabase['database'] {
    return this.#test.database;
  }

  get url(): string {
    return this.#test.url;
  }

  async claim(): Promise<Map<number, Lane>> {
    const claimed = await claimLanes(this.database, 'spec', [0, 1, 2, 3]);
    this.lanes = new Map(claimed.map((lane) => [lane.lane, lane]));
    return this.lanes;
  }

  /** The fact as the next message of its lane; its bytes are true ones only where a codec is given. */
  message(fact: PlainFact, codec?: EventCodec): Incoming {
    const lane = laneOf(fact.subjectId, lanes);
    const topic = `dept.${fact.dataset}.v1`;
    const offset = this.#offsets.get(`${topic}/${lane}`) ?? 0;
    this.#offsets.set(`${topic}/${lane}`, offset + 1);
    const key = Buffer.from(fact.subjectId);
    const base = {
      offset,
      key,
      value: codec?.encode(fact.dataset, fact.event) ?? Buffer.from([0]),
      headers: () => ({}),
      lane,
      topic,
      dataset: fact.dataset,
    };
    const message: Incoming = { ...base, kind: 'event', event: fact.event, subjectId: fact.subjectId };
    this.published.push(message);
    return message;
  }

  /**
   * As {@link apply}; where some of it is there already, claims the lanes anew and applies the rest, and where the database is busy
   * tries again, as a lane consumer does.
   */
  async deliver(...facts: PlainFact[]): ReturnType<SubjectEngine['apply']> {
    const incoming = facts.map((fact) => this.message(fact));
    const result = await this.#untilApplied(incoming);
    if (result.status !== 'stale') return result;
    const lanes = await this.claim();
    const isLeft = ({ lane, topic, offset }: Incoming): boolean => offset >= (lanes.get(lane)!.nextOffsets[topic] ?? 0);
    return this.#untilApplied(incoming.filter(isLeft));
  }

  async #untilApplied(incoming: readonly Incoming[]): ReturnType<SubjectEngine['apply']> {
    for (;;)
      try {
        return await this.engine.apply({ lanes: this.lanes, incoming });
      } catch (error) {
        // A migration takes its locks in an order of its own, and PostgreSQL may choose the engine to give way.
        if (!(error instanceof HuitongError && error.code === 'DATABASE_UNAVAILABLE')) throw error;
      }
  }

  /** A control record as the next message of a lane. */
  control(dataset: DatasetName, lane: number, statement: Statement): Incoming {
    const topic = `dept.${dataset}.v1`;
    const offset = this.#offsets.get(`${topic}/${lane}`) ?? 0;
    this.#offsets.set(`${topic}/${lane}`, offset + 1);
    const base = { offset, key: null, value: Buffer.from([0]), headers: () => ({}), lane, topic, dataset };
    return { ...base, kind: 'control', asOfMs: Date.parse(statement.at), statement };
  }

  /** Applies facts as one chunk and answers what became of it. */
  apply(...facts: PlainFact[]): ReturnType<SubjectEngine['apply']> {
    return this.engine.apply({ lanes: this.lanes, incoming: facts.map((fact) => this.message(fact)) });
  }

  async records(): Promise<Map<string, Record<string, unknown>>> {
    const { rows } = await this.database.query<{ id: string; record: Record<string, unknown> }>(
      `select id, to_jsonb(p) - '{id,${presentColumn}}'::text[] || jsonb_build_object('paidTotal', "paidTotal"::text) as record from person p`,
    );
    return new Map(rows.map(({ id, record }) => [id, record]));
  }

  /** Ids of records that do not know of a dataset of which their subject has a fact: there should be none. */
  async unknownFacts(): Promise<string[]> {
    const unknown = this.#plan.factTables.map(
      ({ table, dataset }) => `select p.id from person p join ${table} f on f.subject_id = p.id
      where f.verb <> 'ANNULLED' and p.${presentColumn} & ${bitOf(dataset)} = 0`,
    );
    return (await this.database.query<{ id: string }>(unknown.join(' union '))).rows.map(({ id }) => id);
  }

  /** Lets every topic begin anew at offset 0. */
  restartOffsets(): void {
    this.#offsets.clear();
  }

  async parked(): Promise<{ id: number; code: string; state: string }[]> {
    return (
      await this.database.query<{ id: number; code: string; state: string }>(
        'select id, code, state from parked order by id',
      )
    ).rows;
  }

  async empty(): Promise<void> {
    const facts = this.#plan.factTables.flatMap(({ table, pastTable }) => [table, pastTable]);
    const records = this.#plan.subjects.flatMap(({ table, historyTable }) => [table, historyTable]);
    const proofs = 'checkpoint, inventory, proof, proof_difference, proof_request, repaired_fact';
    await this.database.query(
      `truncate identity, event_log, applied_chunk, parked, release_request, ${proofs}, ${[...records, ...facts].join(', ')}`,
    );
  }

  /** Lets time pass for some subjects, by making all that is written of them older. */
  async age(subjectIds: readonly string[], ms: number): Promise<void> {
    const older = (columns: readonly string[]): string =>
      columns.map((column) => `${column} = ${column} - $2 * interval '1 millisecond'`).join(', ');
    for (const { table, pastTable } of this.#plan.factTables) {
      const both = ['recorded_at', 'applied_at'];
      await this.#older(table, older(both), subjectIds, ms);
      await this.#older(pastTable, older([...both, 'superseded_at']), subjectIds, ms);
    }
    for (const { historyTable } of this.#plan.subjects)
      await this.#older(historyTable, older(['recorded_at', 'applied_at']), subjectIds, ms);
  }

  async #older(table: string, changes: string, subjectIds: readonly string[], ms: number): Promise<void> {
    await this.database.query(`update ${table} set ${changes} where subject_id = any($1)`, [subjectIds, ms]);
  }

  async drop(): Promise<void> {
    await this.#pipelined.end();
    await this.#test.drop();
  }
}
