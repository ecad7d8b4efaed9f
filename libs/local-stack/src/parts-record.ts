import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessId } from './processes.ts';

/** The real parts, in the order in which they are shown. */
export const partNames = ['kafka', 'registry', 'postgres', 'redis'] as const;

/** Kafka's brokers: one, or three where HUITONG_BROKERS says so and the parts are local processes. */
export const brokerNames = ['kafka', 'kafka-2', 'kafka-3'] as const;

/** One of {@link partNames} or of {@link brokerNames}. */
export type PartName = (typeof partNames)[number] | (typeof brokerNames)[number];

/** Where one broker listens, for clients and for the other controllers. */
export interface Broker {
  name: (typeof brokerNames)[number];
  port: number;
  controllerPort: number;
  /** The port that it tells clients to use. */
  advertisedPort: number;
}

/** `<home>/run/parts.json`: what runs for a home folder, so that whoever comes after a crash can stop it. */
export interface PartsRecord {
  engine: 'process' | 'docker';
  cache: string;
  ports: Record<(typeof partNames)[number], number>;
  brokers: Broker[];
  /** The port at which services reach PostgreSQL. */
  postgresAdvertisedPort: number;
  processes: Partial<Record<PartName, ProcessId>>;
}

const fileOf = (home: string): string => join(home, 'run', 'parts.json');

/** Writes the whole file and renames it into place, so that a reader never sees half of it. */
export function writeJson(file: string, value: unknown, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(`${file}.${process.pid}`, file);
}

/** The parsed file, or undefined where it is missing or unreadable. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

export const readPartsRecord = (home: string): PartsRecord | undefined => readJson<PartsRecord>(fileOf(home));
export const writePartsRecord = (home: string, record: PartsRecord): void => writeJson(fileOf(home), record);
export const removePartsRecord = (home: string): void => rmSync(fileOf(home), { force: true });
