import type { ChangeEvent, DatasetName, Verb } from '@huitong/change-event';
import { requiredData } from '@huitong/testkit';
import { count, from, inForce, subject } from './declaration.ts';
import type { PlainFact } from './oracle.ts';
import { planDatabase } from './plan.ts';

export const certificate = 'nhc.death-certificate';
export const cremation = 'mca.cremation';
export const household = 'psb.household-register';

const registers: DatasetName[] = [certificate, cremation, household];

/** Three registers that speak of one death, with ranked sources, aggregates and counterparts. */
export const deceased = planDatabase([
  subject({
    name: 'deceased',
    title: { zh: '逝者', en: 'Deceased' },
    database: 'deceased',
    datasets: registers,
    fields: {
      name: from(`${household}.name`, `${certificate}.name`),
      birthDate: from(`${certificate}.birthDate`, `${cremation}.birthDate`),
      certified: inForce(certificate),
      cremations: count(cremation),
      registered: inForce(household),
    },
  }),
]);

const dayMs = 86_400_000;
/** As all three declare it. */
export const windowMs = 30 * dayMs;
export const startMs = Date.UTC(2026, 0, 1);

/** A version that took its place among the facts, and when. */
export interface Accepted {
  readonly fact: PlainFact;
  readonly sinceMs: number;
  readonly appliedMs: number;
  readonly supersededMs: number | null;
  /** Whether it was settled at some instant while it stood: as far as anybody could have been told. */
  readonly wasSettled: boolean;
  readonly isLate: boolean;
}

/** Arrivals in the plainest form: every source record's accepted versions, oldest first. */
export interface World {
  readonly nowMs: number;
  readonly records: Readonly<Partial<Record<DatasetName, readonly Accepted[]>>>;
}

const versionOf = ({ event }: PlainFact): number => event.source_version;
export const currentOf = (world: World, dataset: DatasetName): Accepted | undefined => world.records[dataset]?.at(-1);

/** When two departments say it, from which instant on: written down for these three registers, not looked up. */
function vouchedMs(world: World, { fact, sinceMs }: Accepted): number {
  const { verb } = fact.event;
  if (fact.dataset === household || verb === 'ANNULLED' || verb === 'CEASED') return Infinity;
  const other = currentOf(world, fact.dataset === certificate ? cremation : certificate);
  const cancelled = currentOf(world, household);
  const stands = other && (other.fact.event.verb === 'CREATED' || other.fact.event.verb === 'CORRECTED');
  const isCancelled = cancelled?.fact.event.verb === 'CEASED' && cancelled.fact.event.reason === 'DEATH_CANCELLED';
  return Math.max(sinceMs, Math.min(stands ? other.sinceMs : Infinity, isCancelled ? cancelled.sinceMs : Infinity));
}

export const isSettledBy = (world: World, one: Accepted, atMs: number, graceMs: number): boolean =>
  atMs >= one.sinceMs + windowMs || atMs >= vouchedMs(world, one) + graceMs;
export const isSettled = (world: World, one: Accepted): boolean => isSettledBy(world, one, world.nowMs, 0);

/** What arrives: of which register, of which version beside the newest known, and how. `skewMs` is its source's clock beside ours. */
interface Arrival {
  readonly dataset: DatasetName;
  readonly verb: Verb;
  readonly step: 2 | 0 | -1;
  readonly reason?: string;
  readonly skewMs?: number;
}

/** One letter each; a source that backdates and one whose clock is ahead are among them. */
export const alphabet: Readonly<Record<string, Arrival | number>> = {
  create: { dataset: certificate, verb: 'CREATED', step: 2, skewMs: -1_000 * dayMs },
  correct: { dataset: certificate, verb: 'CORRECTED', step: 2 },
  annul: { dataset: certificate, verb: 'ANNULLED', step: 2 },
  cease: { dataset: certificate, verb: 'CEASED', step: 2 },
  duplicate: { dataset: certificate, verb: 'CREATED', step: 0 },
  late: { dataset: certificate, verb: 'CREATED', step: -1 },
  cremate: { dataset: cremation, verb: 'CREATED', step: 2, skewMs: 240_000 },
  uncremate: { dataset: cremation, verb: 'ANNULLED', step: 2 },
  register: { dataset: household, verb: 'CREATED', step: 2, reason: 'MOVED_IN' },
  cancel: { dataset: household, verb: 'CEASED', step: 2, reason: 'DEATH_CANCELLED' },
  moveOut: { dataset: household, verb: 'CEASED', step: 2, reason: 'MOVED_OUT' },
  tenDays: 10 * dayMs,
  month: 31 * dayMs,
};

function contentOf(dataset: DatasetName, version: number): object {
  const required = requiredData(dataset);
  if (dataset === household) return { ...required, name: `户${version}` };
  if (dataset === cremation) return { ...required, birthDate: '2026-01-02' };
  // Every second certificate states no date, so that the cremation's shows.
  return {
    ...required,
    name: `证${version}`,
    birthDate: version % 4 === 0 ? null : `2026-01-${String(version).padStart(2, '0')}`,
  };
}

/** The fact that a letter brings now; undefined where it is only time that passes. */
export function arrivalOf(world: World, letter: string): PlainFact | undefined {
  const what = alphabet[letter]!;
  if (typeof what === 'number') return undefined;
  const { dataset, verb, step, reason = 'CLERICAL_ERROR', skewMs = 0 } = what;
  const current = currentOf(world, dataset);
  if (current && step === 0) return current.fact;
  const version = Math.max(1, (current ? versionOf(current.fact) : 0) + step);
  const event = {
    event_id: `00000000-0000-7000-8000-${registers.indexOf(dataset)}${String(version).padStart(11, '0')}`,
    verb,
    reason,
    source_record_id: 'r1',
    source_version: version,
    valid_from: null,
    valid_to: null,
    recorded_at: world.nowMs + skewMs,
    previous_event_id: null,
    data: verb === 'ANNULLED' ? null : contentOf(dataset, version),
  };
  return { dataset, subjectId: 'p1', event: event as unknown as ChangeEvent };
}

/** What comes of a letter. Whatever is accepted takes a second; what is not leaves everything as it was. */
export function arrive(before: World, letter: string): World {
  const what = alphabet[letter]!;
  if (typeof what === 'number') return sighted({ ...before, nowMs: before.nowMs + what });
  const world = { ...before, nowMs: before.nowMs + 1_000 };
  const fact = arrivalOf(world, letter)!;
  const known = world.records[fact.dataset] ?? [];
  const replaced = known.at(-1);
  if (replaced && versionOf(fact) <= versionOf(replaced.fact)) return before;
  const accepted: Accepted = {
    fact,
    sinceMs: Math.max(world.nowMs, fact.event.recorded_at),
    appliedMs: world.nowMs,
    supersededMs: null,
    wasSettled: false,
    isLate: fact.event.verb === 'ANNULLED' && replaced !== undefined && world.nowMs >= replaced.sinceMs + windowMs,
  };
  const versions = known.map((one) => (one === replaced ? { ...one, supersededMs: world.nowMs } : one));
  return sighted({ ...world, records: { ...world.records, [fact.dataset]: [...versions, accepted] } });
}

/** Notes which versions are settled as of now. */
function sighted(world: World): World {
  const records = Object.fromEntries(
    Object.entries(world.records).map(([dataset, versions]) => [
      dataset,
      versions.map((one) => ({
        ...one,
        wasSettled: one.wasSettled || (one.supersededMs === null && isSettled(world, one)),
      })),
    ]),
  );
  return { ...world, records };
}
