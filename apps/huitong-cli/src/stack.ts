import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSecrets, readJson, writeJson, type ProcessId, type Secrets } from '@huitong/local-stack';

/** `<home>/run/stack.json`: what is where. It holds no password; {@link databaseUrl} adds one. */
export interface Stack {
  home: string;
  certsDir: string;
  kafkaBrokers: string;
  registryUrl: string;
  redisUrl: string;
  postgres: { host: string; port: number };
  /** The address of each service by its name, and the process id of each part and service. */
  urls: Record<string, string>;
  pids: Record<string, number>;
}

/** Where a stack's PostgreSQL is, and whose passwords are known. */
export type DatabaseServer = Pick<Stack, 'home' | 'postgres'>;

/** One step of a start, as shown to a person. */
export interface Step {
  zh: string;
  en: string;
  seconds?: number;
}

/** `<home>/run/status.json`: how far the supervisor is, and why it gave up. */
export interface Status {
  phase: 'starting' | 'ready' | 'stopping' | 'stopped' | 'failed';
  empty: boolean;
  steps: Step[];
  error?: { code: string; message: string };
  /** How often each part or service ended by itself and was started again. */
  restarts: Record<string, number>;
}

/** Processes that outlive the supervisor, in the order in which they were started. */
export type ServiceIds = Record<string, ProcessId>;

const file = (home: string, name: string): string => join(home, 'run', `${name}.json`);

export const readStack = (home: string): Stack | undefined => readJson<Stack>(file(home, 'stack'));
export const writeStack = (stack: Stack): void => writeJson(file(stack.home, 'stack'), stack);
/** There is a stack file only while there is a stack. */
export const removeStack = (home: string): void => rmSync(file(home, 'stack'), { force: true });
export const readStatus = (home: string): Status | undefined => readJson<Status>(file(home, 'status'));
export const writeStatus = (home: string, status: Status): void => writeJson(file(home, 'status'), status);
export const readServiceIds = (home: string): ServiceIds => readJson<ServiceIds>(file(home, 'services')) ?? {};
export const writeServiceIds = (home: string, ids: ServiceIds): void => writeJson(file(home, 'services'), ids);
export const readSupervisor = (home: string): ProcessId | undefined => readJson<ProcessId>(file(home, 'supervisor'));
export const writeSupervisor = (home: string, id: ProcessId): void => writeJson(file(home, 'supervisor'), id);

/** The address of a database for one of the stack's roles, with its password: for a connection, never for a log. */
export const databaseUrl = (stack: DatabaseServer, role: keyof Secrets, database: string): string =>
  `postgres://${role}:${ensureSecrets(stack.home)[role]}@${stack.postgres.host}:${stack.postgres.port}/${database}`;
