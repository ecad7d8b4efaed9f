import { join } from 'node:path';
import { setImmediate as yieldToOthers, setTimeout as sleep } from 'node:timers/promises';
import { datasetNames, type DatasetName, type SourceRequest } from '@huitong/change-event';
import { timeOfStep, type CityEvent } from '@huitong/demo-city';
import { Answers, DepartmentRegister } from '@huitong/department-register';
import type { Logger } from '@huitong/service-kit';
import type { Sender } from './demo-city.ts';
import type { GatewayClient } from './demo-gateway.ts';
import { cityOf, type Journal } from './demo-journal.ts';

/** Every dataset's checkpoint comes round this often; they are spread over the time. */
const checkpointEveryMs = 60_000;
const listenEveryMs = { idle: 2_000, busy: 300 };

interface Parts {
  readonly home: string;
  readonly gateway: GatewayClient;
  readonly logger: Logger;
}

/**
 * The registers of all departments of the demo city, in one file: takes note of what the gateway has confirmed, states it in
 * checkpoints, and answers what subject databases ask.
 */
export class CityRegister implements Sender {
  readonly #parts: Parts;
  readonly #register: DepartmentRegister;
  readonly #answers: Answers;
  readonly #dueMs: Map<DatasetName, number>;
  #asked: SourceRequest[] = [];
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#register = new DepartmentRegister(join(parts.home, 'registers', 'city.sqlite'), 'city');
    this.#answers = new Answers(this.#register, parts.gateway);
    const spread = checkpointEveryMs / datasetNames.length;
    this.#dueMs = new Map(datasetNames.map((name, at) => [name, Date.now() + at * spread]));
  }

  get rejected(): number {
    return this.#parts.gateway.rejected;
  }

  set rejected(count: number) {
    this.#parts.gateway.rejected = count;
  }

  async send(events: readonly CityEvent[]): Promise<void> {
    await this.#parts.gateway.send(events);
    this.#take(events);
  }

  /** Makes the register anew where it is gone, from the city that an earlier process published. */
  async catchUp(journal: Journal): Promise<void> {
    if (!this.#register.isEmpty || journal.cellsDone === 0) return;
    this.#parts.logger.info({ cells: journal.cellsDone }, 'making the register anew');
    const city = cityOf(journal);
    for (let cell = 0; cell < journal.cellsDone; cell++) {
      this.#take(city.initialEvents(cell));
      await yieldToOthers();
    }
    const timeOf = timeOfStep(journal.segments);
    const eventsOf = city.teller();
    for (let step = 0; step < journal.steps; step++) this.#take(eventsOf(step, timeOf));
  }

  /** Looks in the background what is asked of the departments, until {@link stop}. */
  listen(): void {
    void (async () => {
      while (!this.#stopped) {
        this.#asked = this.#answers.open(await this.#parts.gateway.requests());
        await sleep(this.#asked.length > 0 ? listenEveryMs.busy : listenEveryMs.idle, undefined, { ref: false });
      }
    })();
  }

  /** States and answers what is due. A failure is told and is over: the next checkpoint or question will do. */
  async atRest(): Promise<void> {
    try {
      const asked = this.#answers.open(this.#asked);
      if (asked.length > 0) await this.#answers.give(asked);
      const nowMs = Date.now();
      const due = [...this.#dueMs].find(([, atMs]) => atMs <= nowMs)?.[0];
      if (!due) return;
      this.#dueMs.set(due, nowMs + checkpointEveryMs);
      await this.#answers.checkpoint(due);
    } catch (error) {
      if (!this.#stopped) this.#parts.logger.info({ err: error }, 'a checkpoint or answer was not taken');
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  close(): void {
    this.#register.close();
  }

  #take(events: readonly CityEvent[]): void {
    for (const [dataset, some] of Map.groupBy(events, (one) => one.dataset))
      this.#register.take(
        dataset,
        some.map(({ event }) => event),
      );
  }
}
