import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  bucketOf,
  defaultPartitions,
  digestOf,
  laneOf,
  readJsonEvent,
  toHex,
  type DatasetName,
  type Inventory,
} from '@huitong/change-event';

/** A checkpoint as the gateway takes it. */
export interface CheckpointBody {
  readonly register: string;
  readonly lanes: readonly {
    readonly lane: number;
    readonly buckets: readonly { readonly bucket: number; readonly count: number; readonly sum: string }[];
  }[];
}

/** Buckets of an inventory as the gateway takes it. */
export interface InventoryBody {
  readonly register: string;
  readonly buckets: readonly {
    readonly lane: number;
    readonly bucket: number;
    readonly records: Inventory['records'];
  }[];
}

/** A bucket of a lane. */
interface Row {
  readonly lane: number;
  readonly bucket: number;
}

/**
 * What one system of a department has published: the newest event of every source record, annulled ones too, in a file that
 * survives the process. From it come the checkpoints, the inventories and the events that are asked for again. Everything is
 * synchronous; a checkpoint of a million records takes about a second.
 */
export class DepartmentRegister {
  readonly name: string;
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #sums: StatementSync;
  readonly #records: StatementSync;
  readonly #event: StatementSync;

  /** Opens or begins the register of that name. Processes may share the file. */
  constructor(file: string, name: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.name = name;
    this.#database = new DatabaseSync(file);
    this.#database.exec(`pragma busy_timeout = 10000; pragma journal_mode = wal; pragma synchronous = normal;
      create table if not exists record (
        dataset text not null, subject_id text not null, source_record_id text not null,
        lane integer not null, bucket integer not null, version integer not null,
        high integer not null, low integer not null, event text not null,
        primary key (dataset, subject_id, source_record_id)
      ) without rowid;
      create index if not exists record_bucket on record (dataset, lane, bucket, high, low);`);
    this.#put = this.#database.prepare(`insert into record values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict do update set version = excluded.version, high = excluded.high, low = excluded.low, event = excluded.event
      where excluded.version > record.version`);
    this.#sums = this.#database.prepare(
      'select lane, bucket, count(*) as count, sum(high) as high, sum(low) as low from record where dataset = ? group by lane, bucket',
    );
    this.#records = this.#database.prepare(
      'select subject_id, source_record_id, version, high, low from record where dataset = ? and lane = ? and bucket = ?',
    );
    this.#event = this.#database.prepare(
      'select event from record where dataset = ? and subject_id = ? and source_record_id = ?',
    );
  }

  /**
   * Takes note of events that the gateway has accepted, in their JSON form; all of them or, when the process ends meanwhile,
   * none. The newest version of a record stands, whatever the order, and the first event of a version.
   */
  take(dataset: DatasetName, events: readonly unknown[]): void {
    const now = new Date();
    this.#database.exec('begin immediate');
    try {
      for (const json of events) {
        const reading = readJsonEvent(dataset, json, now);
        // What the gateway refused is not held here either.
        if (!reading.ok) continue;
        const { event, subjectId } = reading;
        const { source_record_id: recordId, source_version: version } = event;
        const digest = digestOf(dataset, subjectId, event);
        const where = [laneOf(subjectId, defaultPartitions), bucketOf(subjectId, recordId)] as const;
        const halves = [Number(digest >> 32n), Number(digest & 0xffffffffn)] as const;
        this.#put.run(dataset, subjectId, recordId, ...where, version, ...halves, JSON.stringify(json));
      }
      this.#database.exec('commit');
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }

  /** Whether nothing was ever taken note of. */
  get isEmpty(): boolean {
    return this.#database.prepare('select 1 from record limit 1').get() === undefined;
  }

  /** The datasets of which a record is held, by name. Takes a step for each, not for each record. */
  get datasets(): DatasetName[] {
    const rows = this.#database
      .prepare(
        `with recursive step(dataset) as (
          select min(dataset) from record
          union all
          select (select min(r.dataset) from record r where r.dataset > s.dataset) from step s where s.dataset is not null
        ) select dataset from step where dataset is not null`,
      )
      .all();
    return rows.map(({ dataset }) => dataset as DatasetName);
  }

  /** What is held of a dataset, every lane spoken of. To be sent while no event is under way. */
  checkpoint(dataset: DatasetName): CheckpointBody {
    const rows = this.#sums.all(dataset) as unknown as (Row & { count: number; high: number; low: number })[];
    const byLane = Map.groupBy(rows, ({ lane }) => lane);
    const lanes = Array.from({ length: defaultPartitions }, (_, lane) => ({
      lane,
      buckets: (byLane.get(lane) ?? []).map(({ bucket, count, high, low }) => ({
        bucket,
        count,
        sum: toHex((BigInt(high) << 32n) + BigInt(low)),
      })),
    }));
    return { register: this.name, lanes };
  }

  /** All records of these buckets; a bucket that holds none is answered too. To be sent under the same rule. */
  inventory(dataset: DatasetName, buckets: readonly Row[]): InventoryBody {
    return {
      register: this.name,
      buckets: buckets.map(({ lane, bucket }) => ({
        lane,
        bucket,
        records: this.#records.all(dataset, lane, bucket).map((row) => ({
          subjectId: row['subject_id'] as string,
          sourceRecordId: row['source_record_id'] as string,
          sourceVersion: row['version'] as number,
          digest: toHex((BigInt(row['high'] as number) << 32n) + BigInt(row['low'] as number)),
        })),
      })),
    };
  }

  /** The newest events of these records, as they were published; records that are not held are left out. */
  events(dataset: DatasetName, records: readonly { subjectId: string; sourceRecordId: string }[]): unknown[] {
    return records.flatMap(({ subjectId, sourceRecordId }) => {
      const row = this.#event.get(dataset, subjectId, sourceRecordId);
      return row ? [JSON.parse(row['event'] as string) as unknown] : [];
    });
  }

  close(): void {
    this.#database.close();
  }
}
