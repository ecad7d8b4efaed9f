import type { AlarmPlace, Condition, Severity } from './alarm-rules.ts';

/** An alarm at one moment; times are epoch milliseconds. `id` is undefined before the database has it. */
export interface Alarm extends AlarmPlace {
  readonly id: number | undefined;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly severity: Severity;
  readonly detail: string;
  /** Since when its condition holds. */
  readonly sinceMs: number;
  readonly firedMs: number | null;
  /** Since when its condition is seen to hold no more. */
  readonly clearSinceMs: number | null;
  readonly resolvedMs: number | null;
  /** As how severe people were told of it; null before. */
  readonly toldAs: Severity | null;
}

/** Alarms of which nobody is to be told, as far as rule, dataset and place are named, until a time. */
export interface SilenceScope {
  readonly rule: string | null;
  readonly dataset: string | null;
  readonly place: string | null;
  readonly untilMs: number;
}

/** What follows from a look: the alarms as they are now, those that came to nothing, and those that people are to be told of. */
export interface AlarmChanges {
  readonly alarms: readonly Alarm[];
  readonly dropped: readonly Alarm[];
  readonly told: readonly Alarm[];
}

/** An alarm is over when its condition has been seen not to hold for so long: what comes back sooner is the same alarm. */
export const quietMs = 120_000;

/**
 * The alarms after one more look. A pure function of those that are open, of what holds, of what is silenced, and of the clock. A
 * condition that is not known leaves an alarm as it is; one that is no longer looked at counts as over.
 */
export function nextAlarms(
  open: readonly Alarm[],
  conditions: readonly Condition[],
  silences: readonly SilenceScope[],
  nowMs: number,
): AlarmChanges {
  const before = new Map(open.map((alarm) => [alarmKey(alarm), alarm]));
  const seen = new Map(conditions.map((condition) => [alarmKey(condition), condition]));
  const fresh = conditions.filter((condition) => condition.holds && !before.has(alarmKey(condition)));
  const stepped = [
    ...open.map((alarm) => step(alarm, seen.get(alarmKey(alarm)), nowMs)),
    ...fresh.map((condition) => step(undefined, condition, nowMs)),
  ];
  const alarms = stepped.filter((alarm) => alarm !== undefined);
  const isSilenced = (alarm: Alarm): boolean => silences.some((silence) => silencesNow(silence, alarm, nowMs));
  const told = alarms.filter((alarm) => isToBeTold(alarm) && !isSilenced(alarm));
  const kept = new Set(alarms.map(alarmKey));
  return {
    alarms: alarms.map((alarm) =>
      told.includes(alarm) && alarm.state === 'firing' ? { ...alarm, toldAs: alarm.severity } : alarm,
    ),
    dropped: open.filter((alarm) => !kept.has(alarmKey(alarm))),
    told,
  };
}

/** What an alarm is known by while it is open. */
export const alarmKey = ({ rule, dataset, place }: AlarmPlace): string => `${rule} ${dataset ?? ''} ${place}`;

/** Does a silence speak of this alarm, and still hold? */
export function silencesNow({ rule, dataset, place, untilMs }: SilenceScope, of: AlarmPlace, nowMs: number): boolean {
  const speaksOf = (named: string | null, is: string | null): boolean => named === null || named === is;
  return nowMs < untilMs && speaksOf(rule, of.rule) && speaksOf(dataset, of.dataset) && speaksOf(place, of.place);
}

/** One alarm after one look; undefined where a pending one has come to nothing. */
function step(alarm: Alarm | undefined, condition: Condition | undefined, nowMs: number): Alarm | undefined {
  if (condition?.holds) {
    const { rule, dataset, place, severity, detail, afterMs } = condition;
    const base = alarm ?? { ...unheard, rule, dataset, place, sinceMs: nowMs };
    const now = { ...base, severity, detail, clearSinceMs: null };
    if (now.state === 'pending' && nowMs - now.sinceMs >= afterMs) return { ...now, state: 'firing', firedMs: nowMs };
    return now;
  }
  if (!alarm) return undefined;
  // What is not known interrupts what was seen: an alarm ends only after it was seen to be over all that time.
  if (condition?.holds === null) return { ...alarm, clearSinceMs: null };
  if (alarm.state === 'pending') return undefined;
  const clearSinceMs = alarm.clearSinceMs ?? nowMs;
  if (nowMs - clearSinceMs < quietMs) return { ...alarm, clearSinceMs };
  return { ...alarm, clearSinceMs, state: 'resolved', resolvedMs: nowMs };
}

const unheard = {
  id: undefined,
  state: 'pending',
  firedMs: null,
  clearSinceMs: null,
  resolvedMs: null,
  toldAs: null,
} as const;

/** Of a firing alarm people are told once, and again when it grows urgent; of an end only those who were told of the beginning. */
function isToBeTold({ state, severity, toldAs }: Alarm): boolean {
  if (state === 'firing') return toldAs === null || (severity === 'urgent' && toldAs === 'notice');
  return state === 'resolved' && toldAs !== null;
}
