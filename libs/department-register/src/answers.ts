import { inventoryRecordsMax, type DatasetName, type SourceRequest } from '@huitong/change-event';
import type { CheckpointBody, DepartmentRegister, InventoryBody } from './department-register.ts';

/** The ways of a department to the gateway; each resolves once the gateway has confirmed, and rejects otherwise. */
export interface DepartmentPort {
  events(dataset: DatasetName, events: readonly unknown[]): Promise<void>;
  checkpoint(dataset: DatasetName, body: CheckpointBody): Promise<void>;
  inventory(dataset: DatasetName, body: InventoryBody): Promise<void>;
}

/** An answer takes some seconds to have its effect; a request that is still open after this long is answered again. */
const againAfterMs = 10_000;
const eventsAtOnce = 1_000;

/** Answers what subject databases ask of a department, from its register. */
export class Answers {
  readonly #register: DepartmentRegister;
  readonly #port: DepartmentPort;
  readonly #answered = new Map<string, number>();

  constructor(register: DepartmentRegister, port: DepartmentPort) {
    this.#register = register;
    this.#port = port;
  }

  /** Those of the requests that this register has to answer now. */
  open(requests: readonly SourceRequest[]): SourceRequest[] {
    const nowMs = Date.now();
    for (const [id, atMs] of this.#answered) if (nowMs - atMs > againAfterMs) this.#answered.delete(id);
    return requests.filter(
      (request) =>
        !this.#answered.has(request.id) && (request.kind !== 'inventory' || request.register === this.#register.name),
    );
  }

  /**
   * Answers in the order in which the answers are of use. Nothing else of the datasets may be under way to the gateway: what
   * is stated holds for the place in the stream at which it arrives.
   */
  async give(requests: readonly SourceRequest[]): Promise<void> {
    for (const request of requests)
      if (request.kind === 'records') {
        const events = this.#register.events(request.dataset, request.records);
        for (let at = 0; at < events.length; at += eventsAtOnce)
          await this.#port.events(request.dataset, events.slice(at, at + eventsAtOnce));
        this.#answered.set(request.id, Date.now());
      }
    for (const request of requests)
      if (request.kind === 'inventory') {
        const body = this.#register.inventory(request.dataset, request.buckets);
        for (const buckets of inParts(body.buckets)) await this.#port.inventory(request.dataset, { ...body, buckets });
        this.#answered.set(request.id, Date.now());
      }
    for (const request of requests)
      if (request.kind === 'checkpoint') {
        await this.checkpoint(request.dataset);
        this.#answered.set(request.id, Date.now());
      }
  }

  /** States what the register holds of a dataset; under the same rule. */
  async checkpoint(dataset: DatasetName): Promise<void> {
    await this.#port.checkpoint(dataset, this.#register.checkpoint(dataset));
  }
}

/** What the gateway takes at once: so many records of each lane. */
function inParts(buckets: InventoryBody['buckets']): InventoryBody['buckets'][] {
  const parts: InventoryBody['buckets'][number][][] = [[]];
  let records = new Map<number, number>();
  for (const one of buckets) {
    const sum = (records.get(one.lane) ?? 0) + one.records.length;
    if (sum > inventoryRecordsMax && sum > one.records.length) {
      parts.push([]);
      records = new Map();
    }
    records.set(one.lane, (records.get(one.lane) ?? 0) + one.records.length);
    parts.at(-1)!.push(one);
  }
  return parts;
}
