import { HuitongError, type DatasetName } from '@huitong/change-event';
import { inTransaction, type Connection, type Database } from '@huitong/postgres';
import { alarmSentences, type AlarmRule, type Condition, type Severity } from './alarm-rules.ts';
import { noticed } from './alarm-notice.ts';
import { alarmKey, nextAlarms, silencesNow, type Alarm } from './alarm-state.ts';
import { rowsOf } from './subject-database.ts';

/** An alarm as people see it. Instants are ISO 8601. */
export interface ListedAlarm {
  readonly id: number;
  readonly rule: AlarmRule;
  readonly dataset: DatasetName | null;
  readonly place: string;
  readonly state: Alarm['state'];
  readonly severity: Severity;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly since: string;
  readonly firedAt: string | null;
  readonly resolvedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: string | null;
  /** A silence speaks of it now. */
  readonly isSilenced: boolean;
}

/** A time in which nobody is told of alarms of this rule, dataset and place, as far as named. */
export interface ListedSilence {
  readonly id: number;
  readonly rule: AlarmRule | null;
  readonly dataset: DatasetName | null;
  readonly place: string | null;
  readonly until: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
}

/** Where people are told: a webhook, and mail. */
export type AlarmChannel = 'webhook' | 'mail';

/** One message to one channel: what became of which alarms. `problem` is why it was not sent yet. */
export interface ListedNotice {
  readonly id: number;
  readonly channel: AlarmChannel;
  readonly firing: number;
  readonly resolved: number;
  readonly at: string;
  readonly attempts: number;
  readonly problem: string | null;
  readonly sentAt: string | null;
  readonly givenUpAt: string | null;
}

/** Alarms in numbers, for the head of every page; silenced and acknowledged ones are among those that fire. */
export interface AlarmCounts {
  readonly pending: number;
  readonly firing: number;
  readonly acknowledged: number;
  readonly silenced: number;
}

const listMax = 50;
const silencesMax = 20;

/**
 * The alarms of the exchange, in its database: whoever restarts neither forgets nor repeats one. What follows from a look, and
 * what is to be sent because of it, is written in one transaction; of several processes one at a time judges.
 */
export class AlarmBook {
  readonly #database: Database;
  readonly #channels: readonly AlarmChannel[];

  /** Notices are made for these channels only. */
  constructor(database: Database, channels: readonly AlarmChannel[]) {
    this.#database = database;
    this.#channels = channels;
  }

  /** Takes a look into account. False while another process is at it; DATABASE_UNAVAILABLE where nothing was changed. */
  async take(conditions: readonly Condition[], nowMs: number): Promise<boolean> {
    return inTransaction(this.#database, async (connection) => {
      const { rows } = await connection.query<{ ours: boolean }>(
        `select pg_try_advisory_xact_lock(hashtext('huitong alarms')) as ours`,
      );
      if (!rows[0]!.ours) return false;
      const open = await openAlarms(connection);
      const silences = await silencesAt(connection, nowMs);
      const { alarms, dropped, told } = nextAlarms(open, conditions, silences, nowMs);
      const changed = alarms.filter((alarm) => !open.some((before) => isSame(before, alarm)));
      const ids = new Map<string, number>();
      for (const alarm of changed) ids.set(alarmKey(alarm), await keep(connection, alarm));
      if (dropped.length > 0)
        await connection.query('delete from alarm where id = any($1)', [dropped.map(({ id }) => id)]);
      if (told.length > 0 && this.#channels.length > 0)
        await connection.query(
          `insert into alarm_notice (channel, alarms, created_at, next_at) select channel, $2::jsonb, $3::timestamptz, $3 from unnest($1::text[]) as channel`,
          [
            this.#channels,
            JSON.stringify(told.map((alarm) => noticed({ ...alarm, id: alarm.id ?? ids.get(alarmKey(alarm))! }))),
            new Date(nowMs),
          ],
        );
      return true;
    });
  }

  /** How many there are; DATABASE_UNAVAILABLE rather than 0. */
  async counts(nowMs: number): Promise<AlarmCounts> {
    const [row] = await rowsOf<AlarmCounts>(this.#database, {
      name: 'alarm counts',
      text: `select count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'firing') as firing,
          count(*) filter (where state = 'firing' and acknowledged_at is not null) as acknowledged,
          count(*) filter (where state = 'firing' and exists (select 1 from alarm_silence s
            where s.ended_at is null and s.until > $1 and coalesce(s.rule = a.rule, true)
              and (s.dataset is null or s.dataset = a.dataset) and coalesce(s.place = a.place, true))) as silenced
        from alarm a where state <> 'resolved'`,
      values: [new Date(nowMs)],
    });
    return row!;
  }

  /** Open alarms, the gravest and oldest first, then the newest that are over. */
  async list(nowMs: number): Promise<ListedAlarm[]> {
    const silences = await silencesAt(this.#database, nowMs);
    const rows = await rowsOf<AlarmRow>(this.#database, {
      name: 'alarms',
      text: `select * from (
          (select * from alarm where state <> 'resolved')
          union all (select * from alarm where state = 'resolved' order by resolved_at desc, id desc limit ${listMax})) a
        order by state, case when state <> 'resolved' then severity end desc, resolved_at desc, since, id`,
    });
    return rows.map((row) => ({
      id: row.id,
      rule: row.rule,
      dataset: row.dataset,
      place: row.place,
      state: row.state,
      severity: row.severity,
      sentence: alarmSentences[row.rule](row.detail),
      since: row.since.toISOString(),
      firedAt: row.fired_at?.toISOString() ?? null,
      resolvedAt: row.resolved_at?.toISOString() ?? null,
      acknowledgedBy: row.acknowledged_by,
      acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
      isSilenced: silences.some((silence) => silencesNow(silence, row, nowMs)),
    }));
  }

  /** Notes that somebody sees to an alarm; the first one stays. NOT_FOUND where none of that number is firing. */
  async acknowledge(id: number, by: string): Promise<void> {
    const [row] = await rowsOf(this.#database, {
      text: `update alarm set acknowledged_by = coalesce(acknowledged_by, $2), acknowledged_at = coalesce(acknowledged_at, clock_timestamp())
        where id = $1 and state = 'firing' returning id`,
      values: [id, by],
    });
    if (!row) throw new HuitongError('NOT_FOUND', '没有这个正在触发的告警 / no alarm of that number is firing');
  }

  /** Silences alarms from now on for a time. */
  async silence(asked: {
    rule: AlarmRule | null;
    dataset: DatasetName | null;
    place: string | null;
    untilMs: number;
    reason: string;
    by: string;
  }): Promise<void> {
    const { rule, dataset, place, untilMs, reason, by } = asked;
    await rowsOf(this.#database, {
      text: 'insert into alarm_silence (rule, dataset, place, until, reason, by) values ($1, $2, $3, $4, $5, $6)',
      values: [rule, dataset, place, new Date(untilMs), reason, by],
    });
  }

  /** Ends a silence before its time; NOT_FOUND where none of that number holds. */
  async endSilence(id: number, by: string, nowMs: number): Promise<void> {
    const [row] = await rowsOf(this.#database, {
      text: `update alarm_silence set ended_by = $2, ended_at = $3 where id = $1 and ended_at is null and until > $3 returning id`,
      values: [id, by, new Date(nowMs)],
    });
    if (!row) throw new HuitongError('NOT_FOUND', '没有这个生效中的静默 / no silence of that number holds');
  }

  /** The newest silences, those that hold first. */
  async silences(nowMs: number): Promise<ListedSilence[]> {
    type Row = Omit<ListedSilence, 'until' | 'at' | 'endedAt'> & { until: Date; at: Date; endedAt: Date | null };
    const rows = await rowsOf<Row>(this.#database, {
      name: 'silences',
      text: `select id, rule, dataset, place, until, reason, by, at, ended_by as "endedBy", ended_at as "endedAt"
        from alarm_silence order by (ended_at is null and until > $1) desc, id desc limit ${silencesMax}`,
      values: [new Date(nowMs)],
    });
    return rows.map(({ until, at, endedAt, ...row }) => ({
      ...row,
      until: until.toISOString(),
      at: at.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
    }));
  }

  /** The newest messages about alarms, sent or not. */
  async notices(): Promise<ListedNotice[]> {
    type Row = Omit<ListedNotice, 'at' | 'sentAt' | 'givenUpAt'> & { at: Date; sent: Date | null; given: Date | null };
    const rows = await rowsOf<Row>(this.#database, {
      name: 'notices',
      text: `select id, channel, attempts, problem, created_at as at, sent_at as sent, given_up_at as given,
          jsonb_array_length(jsonb_path_query_array(alarms, '$[*] ? (@.event == "firing")')) as firing,
          jsonb_array_length(jsonb_path_query_array(alarms, '$[*] ? (@.event == "resolved")')) as resolved
        from alarm_notice order by id desc limit ${silencesMax}`,
    });
    return rows.map(({ at, sent, given, ...row }) => ({
      ...row,
      at: at.toISOString(),
      sentAt: sent?.toISOString() ?? null,
      givenUpAt: given?.toISOString() ?? null,
    }));
  }
}

interface AlarmRow {
  readonly id: number;
  readonly rule: AlarmRule;
  readonly dataset: DatasetName | null;
  readonly place: string;
  readonly state: Alarm['state'];
  readonly severity: Severity;
  readonly detail: string;
  readonly since: Date;
  readonly fired_at: Date | null;
  readonly clear_since: Date | null;
  readonly resolved_at: Date | null;
  readonly told_as: Severity | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | null;
}

async function openAlarms(connection: Connection): Promise<Alarm[]> {
  const { rows } = await connection.query<AlarmRow>(`select * from alarm where state <> 'resolved' for update`);
  return rows.map((row) => ({
    id: row.id,
    rule: row.rule,
    dataset: row.dataset,
    place: row.place,
    state: row.state,
    severity: row.severity,
    detail: row.detail,
    sinceMs: row.since.getTime(),
    firedMs: row.fired_at?.getTime() ?? null,
    clearSinceMs: row.clear_since?.getTime() ?? null,
    resolvedMs: row.resolved_at?.getTime() ?? null,
    toldAs: row.told_as,
  }));
}

async function silencesAt(database: Pick<Database, 'query'>, nowMs: number) {
  const { rows } = await database.query<{
    rule: string | null;
    dataset: string | null;
    place: string | null;
    until: Date;
  }>('select rule, dataset, place, until from alarm_silence where ended_at is null and until > $1', [new Date(nowMs)]);
  return rows.map(({ until, ...scope }) => ({ ...scope, untilMs: until.getTime() }));
}

/** Is there anything to write? */
const isSame = (a: Alarm, b: Alarm): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

async function keep(connection: Connection, alarm: Alarm): Promise<number> {
  const at = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  const values = [
    ...[alarm.rule, alarm.dataset, alarm.place, alarm.state, alarm.severity, alarm.detail],
    ...[at(alarm.sinceMs), at(alarm.firedMs), at(alarm.clearSinceMs), at(alarm.resolvedMs), alarm.toldAs],
  ];
  const { rows } = await connection.query<{ id: number }>(
    alarm.id === undefined
      ? `insert into alarm (rule, dataset, place, state, severity, detail, since, fired_at, clear_since, resolved_at, told_as)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`
      : `update alarm set rule = $1, dataset = $2, place = $3, state = $4, severity = $5, detail = $6, since = $7, fired_at = $8,
          clear_since = $9, resolved_at = $10, told_as = $11 where id = $12 returning id`,
    alarm.id === undefined ? values : [...values, alarm.id],
  );
  return rows[0]!.id;
}
