import { Counter, Histogram, type Registry } from 'prom-client';

/** The gateway's own metrics: what was taken in, what was refused and why, and how long Kafka took. */
export class GatewayMetrics {
  readonly accepted: Counter<'dataset'>;
  readonly rejected: Counter<'dataset' | 'code'>;
  readonly flagged: Counter<'dataset' | 'flag'>;
  readonly publishSeconds: Histogram<'dataset'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.accepted = new Counter({
      name: 'huitong_gateway_events_accepted_total',
      help: 'events that Kafka has on disk',
      labelNames: ['dataset'],
      registers,
    });
    this.rejected = new Counter({
      name: 'huitong_gateway_events_rejected_total',
      help: 'events refused by a check, by code',
      labelNames: ['dataset', 'code'],
      registers,
    });
    this.flagged = new Counter({
      name: 'huitong_gateway_identifiers_flagged_total',
      help: 'identifiers that were accepted, yet are odd, by flag',
      labelNames: ['dataset', 'flag'],
      registers,
    });
    this.publishSeconds = new Histogram({
      name: 'huitong_gateway_publish_duration_seconds',
      help: "from handing a request's events to Kafka to its acknowledgement",
      labelNames: ['dataset'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
  }
}
