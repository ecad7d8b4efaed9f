import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';
import { continueAt, eventsPerStep, timeOfStep, type City, type CityEvent } from '@huitong/demo-city';
import type { Logger } from '@huitong/service-kit';
import { Gate } from './demo-gate.ts';
import { cityOf, type Journal } from './demo-journal.ts';

/** How far the demo city is. */
export interface DemoState {
  readonly phase: 'loading' | 'live';
  readonly paused: boolean;
  readonly people: number;
  readonly cells: number;
  readonly cellsDone: number;
  readonly steps: number;
  readonly eventsSent: number;
  readonly eventsRejected: number;
}

/** Cells sent as one unit of the initial load: some 5,000 events. */
const cellsPerUnit = 200;
/** Live steps are announced in the journal this far ahead, in milliseconds, and sent when each is due. */
const planAheadMs = 1_000;
const stepsPerSendMax = 500;
const lookEveryMs = 50;
const settleWithinMs = 30_000;

/** What the city publishes through: confirms events for ever or rejects, and counts those that were refused. */
export interface Sender {
  rejected: number;
  send(events: readonly CityEvent[]): Promise<void>;
}

interface DemoCityOptions {
  readonly liveRate: number;
  readonly sender: Sender;
  readonly logger: Pick<Logger, 'info'>;
  /** Returns when the journal is on disk. */
  readonly save: (journal: Journal) => void;
  /** Called when nothing is under way and all that was ever sent is confirmed: the moment for what the register states. */
  readonly atRest?: () => Promise<void>;
}

/** Publishes a city: its initial load cell by cell, then its live steps at an even pace, each journalled before it is sent. */
export class DemoCity {
  readonly city: City;
  readonly #options: DemoCityOptions;
  /** What an earlier process announced and may have sent: it is sent again, as it was, before anything else. */
  readonly #inherited: { readonly loadingTo: number; readonly planned: number };
  readonly #gate = new Gate();
  #journal: Journal;
  #working = true;

  constructor(journal: Journal, options: DemoCityOptions) {
    this.#inherited = journal;
    this.#journal = journal;
    this.#options = options;
    this.city = cityOf(journal);
  }

  get state(): DemoState {
    const { people, cellsDone, steps, eventsSent, eventsRejected } = this.#journal;
    const { cells } = this.city;
    const phase = cellsDone < cells ? 'loading' : 'live';
    return { phase, paused: this.#gate.closed, people, cells, cellsDone, steps, eventsSent, eventsRejected };
  }

  /** The time, in epoch milliseconds, until which the departments have told all: what a heartbeat may say. */
  completeUntilMs(nowMs: number): number {
    const { steps, planned, segments } = this.#journal;
    return steps < planned && !this.#gate.closed ? Math.min(nowMs, timeOfStep(segments)(steps)) : nowMs;
  }

  /** Publishes until the gate is closed for good; rejects when the gateway will never take an event. */
  async run(): Promise<void> {
    try {
      await this.#load();
      await this.#live();
    } finally {
      this.#working = false;
      this.#gate.open();
    }
  }

  /**
   * Resolves once nothing is under way: all that was ever sent is confirmed, and the state says exactly what that is.
   * Throws BROKER_UNAVAILABLE, and goes on, when the gateway does not confirm in time.
   */
  async pause(withinMs = settleWithinMs): Promise<DemoState> {
    const wait = new AbortController();
    const late = sleep(withinMs, 'late', { signal: wait.signal }).catch(() => 'settled');
    const outcome = await Promise.race([this.#gate.close().then(() => 'settled'), late]);
    wait.abort();
    if (outcome === 'late' && this.#working) {
      this.#gate.open();
      throw new HuitongError('BROKER_UNAVAILABLE', 'waiting for the gateway to confirm the events that are under way');
    }
    // Steps that were announced and not sent are taken back, so that the journal alone tells the truth.
    const { steps, cellsDone } = this.#journal;
    this.#write({ planned: steps, loadingTo: cellsDone });
    return this.state;
  }

  resume(): DemoState {
    this.#gate.open();
    return this.state;
  }

  #write(change: Partial<Journal>): void {
    this.#journal = {
      ...this.#journal,
      ...change,
      eventsRejected: this.#journal.eventsRejected + this.#options.sender.rejected,
    };
    this.#options.sender.rejected = 0;
    this.#options.save(this.#journal);
  }

  async #send(events: readonly CityEvent[]): Promise<number> {
    await this.#options.sender.send(events);
    return this.#journal.eventsSent + events.length;
  }

  async #load(): Promise<void> {
    const { cells } = this.city;
    const unitFrom = (from: number): Promise<CityEvent[]> => this.#eventsOf(from, Math.min(from + cellsPerUnit, cells));
    let from = this.#journal.cellsDone;
    for (let unit = unitFrom(from); from < cells;) {
      if (from >= this.#inherited.loadingTo) await this.#gate.pass();
      const to = Math.min(from + cellsPerUnit, cells);
      this.#write({ loadingTo: to });
      const sent = this.#send(await unit);
      // The next unit is made while this one is under way.
      unit = unitFrom(to);
      await Promise.all([sent, unit]);
      this.#write({ cellsDone: to, eventsSent: await sent });
      from = to;
      if (from >= this.#inherited.loadingTo) await this.#options.atRest?.();
    }
    this.#options.logger.info(this.state, 'the initial load is complete');
  }

  async #eventsOf(from: number, to: number): Promise<CityEvent[]> {
    const events: CityEvent[] = [];
    for (let cell = from; cell < to; cell++) {
      events.push(...this.city.initialEvents(cell));
      if (cell % 8 === 0) await yieldToOthers();
    }
    return events;
  }

  async #live(): Promise<void> {
    const { liveRate } = this.#options;
    const eventsOf = this.city.teller();
    for (;;) {
      if (this.#journal.steps >= this.#inherited.planned) {
        await this.#options.atRest?.();
        await this.#gate.pass();
      }
      const due = liveRate > 0 ? this.#dueSteps(Date.now()) : [];
      if (due.length > 0) {
        const timeOf = timeOfStep(this.#journal.segments);
        const eventsSent = await this.#send(due.flatMap((step) => eventsOf(step, timeOf)));
        // On disk with the next plan: whatever a crash forgets is sent again, the same.
        this.#journal = { ...this.#journal, steps: due.at(-1)! + 1, eventsSent };
      } else await sleep(lookEveryMs);
    }
  }

  /** The announced steps whose time has come; announces the next ones when none are left. */
  #dueSteps(nowMs: number): number[] {
    const intervalMs = (1_000 * eventsPerStep) / this.#options.liveRate;
    if (this.#journal.steps === this.#journal.planned) {
      const { planned } = this.#journal;
      const segments = continueAt(this.#journal.segments, planned, { nowMs, intervalMs });
      this.#write({ segments, planned: planned + Math.max(1, Math.round(planAheadMs / intervalMs)) });
    }
    const { steps, planned, segments } = this.#journal;
    const timeOf = timeOfStep(segments);
    const due: number[] = [];
    for (let step = steps; step < planned && due.length < stepsPerSendMax && timeOf(step) <= nowMs; step++)
      due.push(step);
    return due;
  }
}
