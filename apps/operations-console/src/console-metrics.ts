import { Counter, Gauge, type Registry } from 'prom-client';
import type { Live } from './contract.ts';

/** What Prometheus is told of parked events and alarms; what is not known has no sample. */
export class ConsoleMetrics {
  readonly #parked: Gauge;
  readonly #alarms: Gauge;
  readonly #notices: Counter;

  constructor(registry: Registry, channels: readonly string[]) {
    const registers = [registry];
    this.#parked = new Gauge({
      name: 'huitong_parked_events',
      help: 'events that wait for people, by what they suffer from',
      labelNames: ['database', 'dataset', 'code'],
      registers,
    });
    this.#alarms = new Gauge({
      name: 'huitong_alarms',
      help: 'open alarms of the console, by state',
      labelNames: ['state'],
      registers,
    });
    this.#notices = new Counter({
      name: 'huitong_alarm_notices_total',
      help: 'attempts to tell people of alarms, by channel and outcome',
      labelNames: ['channel', 'outcome'],
      registers,
    });
    // From the start, or Prometheus would not see the first one as an increase.
    for (const channel of channels)
      for (const outcome of ['sent', 'failed']) this.#notices.inc({ channel, outcome }, 0);
  }

  show({ databases, alarms }: Live): void {
    this.#parked.reset();
    for (const { database, parked } of databases)
      for (const { dataset, code, count } of parked ?? []) this.#parked.inc({ database, dataset, code }, count);
    this.#alarms.reset();
    if (!alarms) return;
    this.#alarms.set({ state: 'pending' }, alarms.pending);
    this.#alarms.set({ state: 'firing' }, alarms.firing);
  }

  told(channel: string, outcome: 'sent' | 'failed'): void {
    this.#notices.inc({ channel, outcome });
  }
}
