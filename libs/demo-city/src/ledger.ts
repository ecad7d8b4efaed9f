import { hash } from 'node:crypto';
import {
  datasets,
  type ChangeEvent,
  type DatasetData,
  type DatasetDeclaration,
  type DatasetName,
  type Verb,
} from '@huitong/change-event';
import { keepNewest, type PlainFact } from '@huitong/subject-engine';

/** An event as a department delivers it: the JSON form that the gateway takes. */
export interface CityEvent {
  readonly dataset: DatasetName;
  readonly event: JsonEvent;
}

/** The JSON form of a change event, ids spelled as that department spells them. */
export interface JsonEvent {
  readonly eventId: string;
  readonly verb: Verb;
  readonly previousEventId?: string;
  readonly reason: string;
  readonly sourceRecordId: string;
  readonly sourceVersion: number;
  readonly validFrom?: string;
  readonly validTo?: string;
  readonly recordedAt: string;
  readonly subjectId?: string;
  readonly data: Readonly<Record<string, Value>> | null;
}

type Value = string | number | boolean | null;

/** What a department writes of a dataset: its fields in JSON form, those left out being null. */
export type Draft<Dataset extends DatasetName> = { readonly [Field in keyof DatasetData[Dataset]]?: Value };

/** One source record in its department's own register, at its newest version. */
export interface SourceRecord<Dataset extends DatasetName = DatasetName> {
  readonly dataset: Dataset;
  readonly recordId: string;
  readonly subjectId: string;
  readonly version: number;
  readonly verb: Verb;
  readonly validFrom: string | undefined;
  readonly data: Draft<Dataset>;
}

/** When a change was recorded (epoch milliseconds), and the days on which it is true in the world. */
export interface When {
  readonly at: number;
  readonly from?: string;
  readonly to?: string;
}

interface Entry {
  dataset: DatasetName;
  recordId: string;
  subjectId: string;
  version: number;
  verb: Verb;
  data: Record<string, Value>;
  eventId: string;
  recordedAt: number;
  validFrom: string | undefined;
  validTo: string | undefined;
}

/**
 * The registers of all departments as far as one cell goes. Every change of a record raises its version, appends the
 * event to {@link events} in the order of recording, and updates the truth. An event's id is a UUIDv7 of its time and a
 * hash of seed, record and version: the same change always has the same id.
 */
export class Ledger {
  /** What was recorded since whoever reads them took them out. */
  readonly events: CityEvent[] = [];
  /** The newest version of every record in canonical form, as `keepNewest` keeps them. */
  readonly facts = new Map<string, PlainFact>();
  readonly #seed: string;
  readonly #entries: Entry[] = [];
  readonly #known = new Set<string>();
  #openUntil: number;

  /** Nothing may be recorded at or after `openUntil` (epoch milliseconds) until {@link reopen}. */
  constructor(seed: string, openUntil: number) {
    this.#seed = seed;
    this.#openUntil = openUntil;
  }

  /** The initial load is over: what follows happens live. */
  reopen(): void {
    this.#openUntil = Infinity;
  }

  /** Whether the subject ever had this source record, even one that was annulled. */
  knows(dataset: DatasetName, recordId: string, subjectId: string): boolean {
    return this.#known.has(`${dataset}\n${subjectId}\n${recordId}`);
  }

  create<Dataset extends DatasetName>(
    dataset: Dataset,
    recordId: string,
    reason: string,
    when: When,
    data: Draft<Dataset>,
    version = 1,
  ): SourceRecord<Dataset> {
    const entry: Entry = {
      dataset,
      recordId,
      subjectId: (data as Record<string, Value>)[datasets[dataset].subjectKey] as string,
      version: version - 1,
      verb: 'CREATED',
      data: { ...(data as Record<string, Value>) },
      eventId: '',
      recordedAt: 0,
      validFrom: when.from,
      validTo: when.to,
    };
    if (this.knows(dataset, recordId, entry.subjectId)) throw new RangeError(`creating a record of ${dataset} twice`);
    this.#known.add(`${dataset}\n${entry.subjectId}\n${recordId}`);
    this.#entries.push(entry);
    this.#write(entry, 'CREATED', reason, when);
    return entry as unknown as SourceRecord<Dataset>;
  }

  /** The record was wrong, or goes on with other values. */
  correct<Dataset extends DatasetName>(
    record: SourceRecord<Dataset>,
    reason: string,
    when: When,
    patch: Draft<Dataset>,
  ): void {
    const entry = record as unknown as Entry;
    Object.assign(entry.data, patch);
    this.#write(entry, 'CORRECTED', reason, when);
  }

  /** The record was right and is over. */
  cease<Dataset extends DatasetName>(
    record: SourceRecord<Dataset>,
    reason: string,
    when: When,
    patch: Draft<Dataset> = {},
  ): void {
    const entry = record as unknown as Entry;
    Object.assign(entry.data, patch);
    this.#write(entry, 'CEASED', reason, when);
  }

  /** The record never should have been. */
  annul(record: SourceRecord, reason: string, when: When): void {
    this.#write(record as unknown as Entry, 'ANNULLED', reason, when);
  }

  /** The records of a dataset that are neither annulled nor ceased, oldest first; of one subject where it is named. */
  inForce<Dataset extends DatasetName>(dataset: Dataset, subjectId?: string): SourceRecord<Dataset>[] {
    return this.#entries.filter(
      (entry) =>
        entry.dataset === dataset &&
        (entry.verb === 'CREATED' || entry.verb === 'CORRECTED') &&
        (subjectId === undefined || entry.subjectId === subjectId),
    ) as unknown as SourceRecord<Dataset>[];
  }

  #write(entry: Entry, verb: Verb, reason: string, when: When): void {
    if (when.at >= this.#openUntil) throw new RangeError(`recording a change of ${entry.dataset} after the base day`);
    const previousEventId = entry.eventId !== '' ? entry.eventId : undefined;
    entry.version += 1;
    entry.verb = verb;
    // A department's clock does not run backwards within a record.
    entry.recordedAt = Math.max(when.at, entry.recordedAt + 1);
    entry.validFrom = when.from ?? entry.validFrom;
    const ended = verb === 'CEASED' || when.from === undefined ? entry.validTo : undefined;
    // Nothing is over before it began.
    entry.validTo = when.to && entry.validFrom && when.to < entry.validFrom ? entry.validFrom : (when.to ?? ended);
    const digest = hash(
      'sha1',
      `${this.#seed}|${entry.dataset}|${entry.recordId}|${entry.subjectId}|${entry.version}`,
      'hex',
    );
    entry.eventId = uuidV7(entry.recordedAt, digest);
    const event = toChangeEvent(entry, reason, previousEventId ?? null);
    keepNewest(this.facts, { dataset: entry.dataset, subjectId: entry.subjectId, event });
    this.events.push({ dataset: entry.dataset, event: toJson(entry, reason, previousEventId, digest) });
  }
}

/** RFC 9562: 48 bits of time, version 7, and here a hash in the place of the random bits. */
function uuidV7(ms: number, digest: string): string {
  const time = ms.toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(digest[3]!, 16) % 4]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(8, 20)}`;
}

function toChangeEvent(entry: Entry, reason: string, previousEventId: string | null): ChangeEvent {
  const { fields }: DatasetDeclaration = datasets[entry.dataset];
  const data: Record<string, Value> | null = entry.verb === 'ANNULLED' ? null : {};
  if (data)
    for (const [name, field] of Object.entries(fields)) {
      const value = entry.data[name] ?? null;
      data[name] = field.type === 'timestamp' && value !== null ? Date.parse(value as string) : value;
    }
  return {
    event_id: entry.eventId,
    verb: entry.verb,
    previous_event_id: previousEventId,
    reason,
    source_record_id: entry.recordId,
    source_version: entry.version,
    valid_from: entry.validFrom ?? null,
    valid_to: entry.validTo ?? null,
    recorded_at: entry.recordedAt,
    data: data as unknown as ChangeEvent['data'],
  };
}

function toJson(entry: Entry, reason: string, previousEventId: string | undefined, digest: string): JsonEvent {
  const annulled = entry.verb === 'ANNULLED';
  const { fields, subjectCheck }: DatasetDeclaration = datasets[entry.dataset];
  // One event in thirteen comes from a system that spells ids its own way; the gateway makes them canonical.
  const spelling = Number.parseInt(digest.slice(24, 28), 16);
  const spell = spelling % 13 === 0 ? (check: string, id: string) => respelled(check, id, spelling) : undefined;
  let data: Record<string, Value> | null = null;
  if (!annulled) {
    data = { ...entry.data };
    if (spell)
      for (const [name, { check }] of Object.entries(fields))
        if (check && data[name]) data[name] = spell(check, data[name] as string);
  }
  return {
    eventId: entry.eventId,
    verb: entry.verb,
    ...(previousEventId ? { previousEventId } : {}),
    reason,
    sourceRecordId: entry.recordId,
    sourceVersion: entry.version,
    ...(entry.validFrom ? { validFrom: entry.validFrom } : {}),
    ...(entry.validTo ? { validTo: entry.validTo } : {}),
    recordedAt: new Date(entry.recordedAt).toISOString(),
    ...(annulled ? { subjectId: spell ? spell(subjectCheck, entry.subjectId) : entry.subjectId } : {}),
    data,
  };
}

/** The same id as an older or careless system writes it: 15 digits, a small x or letter, or in groups. */
function respelled(check: string, id: string, variant: number): string {
  if (check === 'person-id') {
    // GB 11643-1989 had no century and no check digit; only births of the 1900s can be written so.
    if (variant % 2 === 0 && /^[1-6]\d{5}19/.test(id)) return id.slice(0, 6) + id.slice(8, 17);
    return id.toLowerCase();
  }
  if (check === 'estate-unit') return `${id.slice(0, 6)} ${id.slice(6, 12)} ${id.slice(12, 19)} ${id.slice(19)}`;
  return check === 'credit-code' ? id.toLowerCase() : id;
}
