import type { Database } from '@huitong/postgres';
import { AlarmBook, type AlarmChannel, type AlarmCounts } from './alarm-book.ts';
import { conditionsOf, type Situation } from './alarm-rules.ts';
import { FreshnessMinutes, type PromiseState } from './freshness-minutes.ts';
import type { LagRow } from './lag-watch.ts';
import type { ParkedGroup } from './parked-events.ts';
import { proofStates } from './proof-state.ts';
import type { ServiceWatch } from './service-watch.ts';
import type { SubjectDatabase } from './subject-database.ts';

/** What a look at the exchange has found; a database that could not be asked has null. */
export interface WatchedLook {
  readonly lag: readonly LagRow[];
  readonly databases: readonly { readonly database: string; readonly parked: readonly ParkedGroup[] | null }[];
}

/** What follows from a look: how the promises stand, and how many alarms there are; null where that could not be kept. */
export interface WatchedState {
  readonly promises: readonly PromiseState[] | null;
  readonly alarms: AlarmCounts | null;
}

/** Proofs are made by checkpoints, which come seldom: they need not be read at every look. */
const proofsForMs = 15_000;

/** Judges each look: keeps its freshness and raises, keeps and ends alarms. */
export class AlarmWatch {
  readonly book: AlarmBook;
  readonly #databases: readonly SubjectDatabase[];
  readonly #minutes: FreshnessMinutes;
  readonly #services: ServiceWatch;
  #taking: Promise<WatchedState> | undefined;
  #proofs: { atMs: number; of: readonly Situation['databases'][number]['proofs'][] } | undefined;

  constructor(parts: {
    exchange: Database;
    databases: readonly SubjectDatabase[];
    services: ServiceWatch;
    channels: readonly AlarmChannel[];
  }) {
    this.book = new AlarmBook(parts.exchange, parts.channels);
    this.#databases = parts.databases;
    this.#minutes = new FreshnessMinutes(parts.exchange);
    this.#services = parts.services;
  }

  /**
   * Takes a look into account, or waits for the one before it. Never throws: without the exchange database nothing is kept, and
   * that is what is answered.
   */
  take(look: WatchedLook, nowMs: number): Promise<WatchedState> {
    this.#taking ??= this.#take(look, nowMs).finally(() => (this.#taking = undefined));
    return this.#taking;
  }

  async #take({ lag, databases }: WatchedLook, nowMs: number): Promise<WatchedState> {
    await this.#minutes.record(lag, nowMs).catch(() => undefined);
    const [promises, services, proofs] = await Promise.all([
      this.#minutes.read(lag, nowMs).catch(() => null),
      this.#services.look(),
      this.#proofsAt(nowMs),
    ]);
    const situation: Situation = {
      lag,
      promises,
      services,
      databases: this.#databases.map(({ name, plan }, at) => ({
        database: name,
        datasets: plan.factTables.map(({ dataset }) => dataset),
        parked: databases.find(({ database }) => database === name)?.parked ?? null,
        proofs: proofs[at] ?? null,
      })),
    };
    const alarms = await this.book
      .take(conditionsOf(situation), nowMs)
      .then(() => this.book.counts(nowMs))
      .catch(() => null);
    return { promises, alarms };
  }

  async #proofsAt(nowMs: number): Promise<readonly Situation['databases'][number]['proofs'][]> {
    if (this.#proofs && nowMs - this.#proofs.atMs < proofsForMs) return this.#proofs.of;
    const of = await Promise.all(
      this.#databases.map((database) =>
        proofStates([database], { of: undefined, withBuckets: false }).catch(() => null),
      ),
    );
    this.#proofs = { atMs: nowMs, of };
    return of;
  }
}
