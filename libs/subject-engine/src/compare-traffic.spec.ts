import type { DatasetName, Verb } from '@huitong/change-event';
import { keepNewest, type PlainFact } from './oracle.ts';
import { factOf, type TestPeople } from './test-people.spec.ts';

/** Facts at random, from a seed: what specs of sweeps and rebuilds load, and what goes on beside them. */
export class Traffic {
  readonly facts = new Map<string, PlainFact>();
  readonly #versions = new Map<string, number>();
  readonly #city: TestPeople;
  #state: number;
  #running: Promise<void> | undefined;
  #stopped = false;
  applied = 0;

  constructor(city: TestPeople, seed: number) {
    this.#city = city;
    this.#state = seed;
  }

  /** Applies `count` facts about subjects `<prefix>0` to `<prefix><subjects - 1>`. */
  async load(prefix: string, subjects: number, count: number): Promise<void> {
    for (let left = count; left > 0; left -= 50)
      await this.#apply(Array.from({ length: Math.min(left, 50) }, () => this.#fact(prefix, subjects)));
  }

  /** Goes on applying small chunks until {@link stop}. */
  start(prefix: string, subjects: number): void {
    this.#stopped = false;
    this.#running = (async () => {
      while (!this.#stopped)
        await this.#apply(Array.from({ length: 1 + this.#next(8) }, () => this.#fact(prefix, subjects)));
    })();
    this.#running.catch(() => {});
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #apply(facts: PlainFact[]): Promise<void> {
    const { status } = await this.#city.deliver(...facts);
    if (status !== 'applied') throw new Error(`a chunk was ${status}`);
    for (const fact of facts) keepNewest(this.facts, fact);
    this.applied += facts.length;
  }

  #fact(prefix: string, subjects: number): PlainFact {
    const subjectId = `${prefix}${this.#next(subjects)}`;
    const dataset = this.#pick<DatasetName>([
      'psb.household-register',
      'psb.residence-permit',
      'psb.vehicle',
      'hrss.pension-payment',
    ]);
    const record = this.#pick(['r1', 'r2']);
    const key = `${subjectId} ${dataset} ${record}`;
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    const verb = this.#pick<Verb>(['CREATED', 'CORRECTED', 'CORRECTED', 'CORRECTED', 'CEASED', 'ANNULLED']);
    return factOf({ dataset, subjectId, record, version, verb, data: this.#data(dataset, prefix, subjects) });
  }

  #data(dataset: DatasetName, prefix: string, subjects: number): Record<string, unknown> {
    const name = this.#pick(['甲', '乙', '丙']);
    if (dataset === 'psb.household-register') return { name, householdAddress: this.#pick(['镜湖区', null]) };
    if (dataset === 'psb.vehicle') return { plateNo: this.#pick(['皖B1', '皖B2']), seats: this.#pick([5, 7, null]) };
    if (dataset === 'hrss.pension-payment')
      return { month: this.#pick(['2026-01-01', '2026-02-01']), amount: this.#pick(['100.50', '200.00']) };
    const formerCardNo = this.#next(10) === 0 ? `${prefix}${this.#next(subjects)}` : null;
    return { name, residenceAddress: this.#pick(['弋江区', '鸠江区', null]), formerCardNo };
  }

  #pick<Value>(values: readonly Value[]): Value {
    return values[this.#next(values.length)]!;
  }

  /** Numerical Recipes' generator: plain, and the same on every machine. */
  #next(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return (this.#state >>> 8) % below;
  }
}
