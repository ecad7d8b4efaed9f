import { datasets, type DatasetDeclaration, type DatasetName, type Verb } from '@huitong/change-event';
import type { RecordField, SubjectPlan } from './plan.ts';

/** A version of a fact as far as settling goes; `sinceMs` is the later of when its source recorded it and when it was applied here. */
export interface FactStanding {
  readonly dataset: DatasetName;
  readonly verb: Verb;
  readonly reason: string;
  readonly sinceMs: number;
}

/** All that a subject's settling follows from, beside the clock. */
export interface SettlementGrounds {
  /** The newest versions of all facts of the subject, tombstones too. */
  readonly facts: readonly FactStanding[];
  /** Facts that link ids of the subject, or did. */
  readonly links: readonly Pick<FactStanding, 'dataset' | 'sinceMs'>[];
  /** Datasets with an open parked event of the subject: nobody knows what it will say. */
  readonly parked: readonly DatasetName[];
}

/**
 * What time it is. A window is over when the clock has passed its end and the source has been heard of up to there: while
 * events wait, the annulment may be among them. A dataset that was never heard of settles nothing.
 */
export interface SettlementClock {
  readonly nowMs: number;
  heardMs(dataset: DatasetName): number | undefined;
}

/** A version of a fact that caused a change: when it was replaced, and since when the one it replaced had been known. */
export interface ChangeCause extends FactStanding {
  readonly appliedMs: number;
  readonly supersededMs: number | null;
  readonly replacedSinceMs: number | null;
}

/**
 * How far a change may be relied on. `provisional` until the window of its event is over or a counterpart vouches for it;
 * `settlesAt` null where nobody can say when, or never, because another version took its place before. `late`: it annulled
 * what had settled, so that consequences may have been drawn.
 */
export interface ChangeSettlement {
  readonly provisional: boolean;
  readonly settlesAt: string | null;
  readonly late: boolean;
}

const declarationOf = (dataset: DatasetName): DatasetDeclaration => datasets[dataset];

/** The declared time in which a dataset's events may still be annulled, in milliseconds. */
const windowMsOf = (dataset: DatasetName): number => declarationOf(dataset).annulmentDays * 86_400_000;

/** Settled already, and settling at no time that anybody knows; between them, epoch milliseconds. */
const [settled, unknown] = [-Infinity, Infinity];

const asInstant = (ms: number): string | null => (ms === unknown ? null : new Date(ms).toISOString());

/**
 * The fields whose present value is provisional, with the instant from which it is not: those that some fact within its
 * window could still change by being annulled. A field with ranked sources rests on its source and on those before it, which
 * say nothing now; a field without a value, and every aggregate, on all of its sources. Errs towards provisional.
 * `sources` names the dataset of each value that has one.
 */
export function provisionalFields(
  subject: SubjectPlan,
  sources: ReadonlyMap<string, string>,
  grounds: SettlementGrounds,
  clock: SettlementClock,
): Record<string, string | null> {
  const open = new Map<DatasetName, number>();
  for (const fact of grounds.facts)
    open.set(fact.dataset, Math.max(open.get(fact.dataset) ?? settled, openUntilMs(fact, grounds, clock)));
  for (const dataset of grounds.parked) open.set(dataset, unknown);
  // Whether ids are one subject decides which facts it has, hence every field.
  const linked = Math.max(settled, ...grounds.links.map((link) => windowOpenUntilMs(link, clock)));
  const result: Record<string, string | null> = {};
  for (const field of subject.fields) {
    const rests = restsOn(field, sources.get(field.name));
    const until = Math.max(linked, ...rests.map((dataset) => open.get(dataset) ?? settled));
    if (until !== settled) result[field.name] = asInstant(until);
  }
  return result;
}

/** When a fact settles, or `settled` when it has: by a counterpart, which needs no further word of the source, or by time. */
function openUntilMs(
  fact: FactStanding,
  grounds: Pick<SettlementGrounds, 'facts' | 'parked'>,
  clock: SettlementClock,
): number {
  const vouchedMs = vouchedSinceMs(fact, grounds);
  return vouchedMs <= clock.nowMs ? settled : Math.min(vouchedMs, windowOpenUntilMs(fact, clock));
}

/** The end of a version's window, or `settled` when that is over. */
function windowOpenUntilMs(
  { dataset, sinceMs }: Pick<FactStanding, 'dataset' | 'sinceMs'>,
  clock: SettlementClock,
): number {
  const endMs = sinceMs + windowMsOf(dataset);
  return endMs <= Math.min(clock.nowMs, clock.heardMs(dataset) ?? settled) ? settled : endMs;
}

/** The datasets that a change in could change the field's value. */
function restsOn(field: RecordField, source: string | undefined): readonly DatasetName[] {
  const { derivation } = field.declaration;
  if (derivation.kind !== 'from' || source === undefined) return field.datasets;
  const last = derivation.columns.findLastIndex((column) => column.startsWith(`${source}.`));
  const before = derivation.columns.slice(0, last + 1);
  return field.datasets.filter((dataset) => before.some((column) => column.startsWith(`${dataset}.`)));
}

/**
 * Since when a declared counterpart vouches for a fact that stands; `unknown` where none does. What is annulled or
 * ceased has no counterpart, and a dataset with a parked event of the subject vouches for nothing.
 */
function vouchedSinceMs(fact: FactStanding, { facts, parked }: Pick<SettlementGrounds, 'facts' | 'parked'>): number {
  if (fact.verb !== 'CREATED' && fact.verb !== 'CORRECTED') return unknown;
  const since = (declarationOf(fact.dataset).counterparts ?? []).flatMap(({ dataset, verbs, reasons }) =>
    facts
      .filter((other) => other.dataset === dataset && !parked.includes(dataset))
      .filter(({ verb, reason }) => verbs.some((one) => one === verb) && (!reasons || reasons.includes(reason)))
      .map(({ sinceMs }) => Math.max(fact.sinceMs, sinceMs)),
  );
  return Math.min(unknown, ...since);
}

/**
 * The settlement of one change from the versions of facts that caused it, all of them; `undefined` stands for one that the
 * subject has no more. A change without events (a repair, a rebuild) may rest on any of the subject's facts, so it has the
 * longest of their windows.
 */
export function settlementOfChange(
  subject: SubjectPlan,
  change: { readonly sinceMs: number; readonly causes: readonly (ChangeCause | undefined)[] },
  grounds: Pick<SettlementGrounds, 'facts' | 'parked'>,
  clock: SettlementClock,
): ChangeSettlement {
  const known = change.causes.filter((cause) => cause !== undefined);
  const rests = change.causes.map((cause) =>
    cause ? settlementOfCause(cause, grounds, clock) : { endMs: unknown, open: true },
  );
  if (rests.length === 0) {
    const endMs = change.sinceMs + Math.max(...subject.factTables.map(({ dataset }) => windowMsOf(dataset)));
    const heard = grounds.facts.map(({ dataset }) => clock.heardMs(dataset) ?? settled);
    rests.push({ endMs, open: endMs > Math.min(clock.nowMs, ...heard) });
  }
  const late = known.some(
    ({ verb, dataset, replacedSinceMs, appliedMs }) =>
      verb === 'ANNULLED' && replacedSinceMs !== null && replacedSinceMs + windowMsOf(dataset) <= appliedMs,
  );
  const settlesAt = asInstant(Math.max(...rests.map(({ endMs }) => endMs)));
  return { provisional: rests.some(({ open }) => open), settlesAt, late };
}

/** When a version settles or did, and whether that is still to come. One that was replaced before it settled never does. */
function settlementOfCause(
  cause: ChangeCause,
  grounds: Pick<SettlementGrounds, 'facts' | 'parked'>,
  clock: SettlementClock,
): { endMs: number; open: boolean } {
  const windowEndMs = cause.sinceMs + windowMsOf(cause.dataset);
  const vouchedMs = vouchedSinceMs(cause, grounds);
  const endMs = Math.min(windowEndMs, vouchedMs);
  // Of two things in one millisecond nobody knows which was first, so a counterpart must have been there before.
  if (cause.supersededMs !== null)
    return windowEndMs <= cause.supersededMs || vouchedMs < cause.supersededMs
      ? { endMs, open: false }
      : { endMs: unknown, open: true };
  if (grounds.parked.includes(cause.dataset)) return { endMs: unknown, open: true };
  return { endMs, open: openUntilMs(cause, grounds, clock) !== settled };
}
