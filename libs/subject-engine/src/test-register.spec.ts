import {
  bucketOf,
  digestOf,
  laneOf,
  toHex,
  type Checkpoint,
  type DatasetName,
  type Inventory,
} from '@huitong/change-event';
import { openDatabase } from '@huitong/postgres';
import type { Incoming } from './incoming.ts';
import { keepNewest, type PlainFact } from './oracle.ts';
import { Prover, proverConnections, type ProofPoint } from './prover.ts';
import { lanes, people, type TestPeople } from './test-people.spec.ts';

/** A department's register of one dataset, kept plainly: the newest event of each record that it published. */
export class TestRegister {
  readonly name: string;
  readonly dataset: DatasetName;
  readonly #facts = new Map<string, PlainFact>();

  constructor(dataset: DatasetName, name = 'main') {
    this.dataset = dataset;
    this.name = name;
  }

  take(...facts: readonly PlainFact[]): void {
    for (const fact of facts) keepNewest(this.#facts, fact);
  }

  facts(lane?: number, bucket?: number): PlainFact[] {
    return [...this.#facts.values()].filter(
      ({ subjectId, event }) =>
        (lane === undefined || laneOf(subjectId, lanes) === lane) &&
        (bucket === undefined || bucketOf(subjectId, event.source_record_id) === bucket),
    );
  }

  checkpoint(lane: number): Checkpoint {
    const byBucket = Map.groupBy(this.facts(lane), ({ subjectId, event }) =>
      bucketOf(subjectId, event.source_record_id),
    );
    const buckets = [...byBucket].map(([bucket, facts]) => {
      const sum = facts.reduce((total, { subjectId, event }) => total + digestOf(this.dataset, subjectId, event), 0n);
      return { bucket, count: facts.length, sum: toHex(sum) };
    });
    return { at: new Date().toISOString(), register: this.name, buckets };
  }

  inventory(lane: number, bucket: number): Inventory {
    const records = this.facts(lane, bucket).map(({ subjectId, event }) => ({
      subjectId,
      sourceRecordId: event.source_record_id,
      sourceVersion: event.source_version,
      digest: toHex(digestOf(this.dataset, subjectId, event)),
    }));
    return { at: new Date().toISOString(), register: this.name, bucket, records };
  }
}

/** A bucket as the proof has it. */
export interface Differing {
  readonly lane: number;
  readonly bucket: number;
}

/** Whose chunks a prover stands behind. */
type ProvedMember = Pick<TestPeople, 'engine' | 'lanes' | 'database' | 'control'>;

/** A prover over a spec's database, fed as the sync service feeds it. */
export class TestProver {
  readonly prover: Prover;
  readonly skipped: string[] = [];
  readonly #city: ProvedMember;

  constructor(city: ProvedMember, url: string) {
    this.#city = city;
    const database = openDatabase({ url, applicationName: 'prover', connectionsMax: proverConnections });
    this.prover = new Prover(database, people, {
      proved: () => {},
      skipped: (points, why) => points.forEach(() => this.skipped.push(why)),
    });
  }

  /** Applies the messages as one chunk, opens the snapshot, lets `meanwhile` go on, and waits for the proof. */
  async standBehind(messages: readonly Incoming[], meanwhile?: () => Promise<unknown>): Promise<void> {
    const result = await this.#city.engine.apply({ lanes: this.#city.lanes, incoming: messages });
    if (result.status !== 'applied') throw new Error(result.status);
    const points = Map.groupBy(messages, ({ dataset, lane }) => `${dataset}/${lane}`);
    await this.prover.cut(
      [...points.values()].map((some): ProofPoint => {
        const { dataset, topic, lane, offset: from } = some[0]!;
        return { dataset, topic, lane, from, offset: some.at(-1)!.offset };
      }),
    );
    await meanwhile?.();
    await this.prover.idle();
  }

  async check(registers: readonly TestRegister[], meanwhile?: () => Promise<unknown>): Promise<void> {
    const messages = Array.from({ length: lanes }, (_, lane) =>
      registers.map((register) =>
        this.#city.control(register.dataset, lane, { kind: 'checkpoint', ...register.checkpoint(lane) }),
      ),
    );
    await this.standBehind(messages.flat(), meanwhile);
  }

  async answerInventories(registers: readonly TestRegister[]): Promise<void> {
    const messages = await Promise.all(
      registers.map(async (register) =>
        (await this.differing(register.dataset)).map(({ lane, bucket }) =>
          this.#city.control(register.dataset, lane, { kind: 'inventory', ...register.inventory(lane, bucket) }),
        ),
      ),
    );
    if (messages.flat().length > 0) await this.standBehind(messages.flat());
  }

  async differing(dataset: DatasetName): Promise<Differing[]> {
    const { rows } = await this.#city.database.query<Differing>(
      'select lane, bucket from proof where dataset = $1 and not equal order by 1, 2',
      [dataset],
    );
    return rows;
  }

  /** What was asked of the source again. */
  async wanted(dataset: DatasetName): Promise<{ subject_id: string; source_record_id: string }[]> {
    const { rows } = await this.#city.database.query<{ subject_id: string; source_record_id: string }>(
      'select subject_id, source_record_id from proof_difference where dataset = $1 and request_id is not null',
      [dataset],
    );
    return rows;
  }
}
