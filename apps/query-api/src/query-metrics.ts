import { datasets } from '@huitong/change-event';
import { Gauge, type Registry } from 'prom-client';
import { lagVerdicts, type LagRow } from '@huitong/governance';

/** What the query API tells Prometheus of lag, at every look. What is not known has no sample, rather than a zero. */
export class QueryMetrics {
  readonly #records: Gauge<'dataset' | 'subject_database'>;
  readonly #seconds: Gauge<'dataset' | 'subject_database'>;
  readonly #verdict: Gauge<'dataset' | 'subject_database' | 'verdict'>;

  constructor(registry: Registry) {
    const labelNames = ['dataset', 'subject_database'] as const;
    const registers = [registry];
    this.#records = new Gauge({ name: 'huitong_lag_records', help: 'messages not yet applied', labelNames, registers });
    this.#seconds = new Gauge({
      name: 'huitong_freshness_seconds',
      help: 'age of what is applied, from when the source recorded it',
      labelNames,
      registers,
    });
    const promised = (name: string, help: string) => new Gauge({ name, help, labelNames: ['dataset'], registers });
    const seconds = promised('huitong_freshness_promise_seconds', 'what is applied is promised to be no older');
    const ratio = promised('huitong_freshness_promise_ratio', 'share of minutes in which that is promised');
    for (const { dataset, freshness } of Object.values(datasets)) {
      seconds.set({ dataset }, freshness.withinSeconds);
      ratio.set({ dataset }, freshness.percent / 100);
    }
    this.#verdict = new Gauge({
      name: 'huitong_lag_verdict',
      help: '1 for the verdict that holds',
      labelNames: [...labelNames, 'verdict'],
      registers,
    });
  }

  show(rows: readonly LagRow[]): void {
    this.#records.reset();
    this.#seconds.reset();
    for (const { dataset, subjectDatabase, records, seconds, verdict } of rows) {
      const labels = { dataset, subject_database: subjectDatabase };
      if (records !== null) this.#records.set(labels, records);
      if (seconds !== null) this.#seconds.set(labels, seconds);
      for (const name of lagVerdicts) this.#verdict.set({ ...labels, verdict: name }, name === verdict ? 1 : 0);
    }
  }
}
