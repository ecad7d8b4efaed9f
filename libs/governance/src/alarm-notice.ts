import { createHmac } from 'node:crypto';
import { datasets, type DatasetName } from '@huitong/change-event';
import { alarmSentences, type AlarmRule, type Severity } from './alarm-rules.ts';
import type { Alarm } from './alarm-state.ts';

/** An alarm as a notice keeps it: as it was when people were to be told. It names no record and no person. */
export interface NoticedAlarm {
  readonly id: number;
  readonly event: 'firing' | 'resolved';
  readonly rule: AlarmRule;
  readonly severity: Severity;
  readonly dataset: DatasetName | null;
  readonly place: string;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly since: string;
  readonly at: string;
}

/** One message to one channel. The number stays the same however often it is tried, so that a receiver can tell. */
export interface Notice {
  readonly id: number;
  readonly at: string;
  readonly alarms: readonly NoticedAlarm[];
}

export function noticed(alarm: Alarm & { readonly id: number }): NoticedAlarm {
  const { id, state, rule, severity, dataset, place, detail, sinceMs, firedMs, resolvedMs } = alarm;
  const event = state === 'resolved' ? 'resolved' : 'firing';
  const at = new Date((event === 'resolved' ? resolvedMs : firedMs) ?? sinceMs).toISOString();
  const since = new Date(sinceMs).toISOString();
  return { id, event, rule, severity, dataset, place, sentence: alarmSentences[rule](detail), since, at };
}

/** What the console is reached by, for links in messages; undefined leaves them out. */
type Address = string | undefined;

/**
 * A notice as a webhook gets it: JSON, signed as Standard Webhooks 1.0.0 says, by HMAC-SHA256 over id, time and body with the
 * secret `whsec_<base64>`. The receiver refuses old times and ids that it has had already.
 */
export function webhookOf(
  { id, at, alarms }: Notice,
  { secret, address, nowMs }: { secret: string; address: Address; nowMs: number },
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify({ id, at, ...(address ? { console: alarmsPage(address) } : {}), alarms });
  const timestamp = String(Math.floor(nowMs / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': String(id),
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  };
}

/** A notice as a letter, Chinese first. */
export function mailOf({ alarms }: Notice, address: Address): { subject: string; text: string } {
  const firing = alarms.filter(({ event }) => event === 'firing');
  const resolved = alarms.filter(({ event }) => event === 'resolved');
  const isUrgent = firing.some(({ severity }) => severity === 'urgent');
  const both = <Part>(parts: readonly Part[], say: (part: Part) => string, comma: string): string =>
    parts.map(say).join(comma);
  const counts = [
    { zh: '触发', en: 'firing', count: firing.length },
    { zh: '恢复', en: 'resolved', count: resolved.length },
  ].filter(({ count }) => count > 0);
  const zh = both(counts, ({ zh: word, count }) => `${count} 项${word}`, '，');
  const en = both(counts, ({ en: word, count }) => `${count} ${word}`, ', ');
  const page = address === undefined ? [] : [alarmsPage(address), ''];
  return {
    subject: `${isUrgent ? '【紧急】' : ''}汇通告警：${zh} / Huitong alarms${isUrgent ? ', urgent' : ''}: ${en}`,
    text: [
      `汇通告警：${zh}`,
      '',
      ...[...firing, ...resolved].map((alarm) => `- ${lineOf(alarm, 'zh')}`),
      '',
      `Huitong alarms: ${en}`,
      '',
      ...[...firing, ...resolved].map((alarm) => `- ${lineOf(alarm, 'en')}`),
      '',
      ...page,
    ].join('\n'),
  };
}

const eventWords = { firing: { zh: '触发', en: 'firing' }, resolved: { zh: '恢复', en: 'resolved' } } as const;

function lineOf({ event, dataset, place, sentence, since }: NoticedAlarm, language: 'zh' | 'en'): string {
  const about = dataset === null ? place : `${datasets[dataset].title[language]} (${dataset}) → ${place}`;
  const [from, to] = language === 'zh' ? ['自', '起'] : ['since ', ''];
  // What holds no more is not said again; where and since when is enough.
  const said = event === 'resolved' ? '' : ` · ${sentence[language]}`;
  return `[${eventWords[event][language]}] ${about}${said} · ${from}${since}${to}`;
}

const alarmsPage = (address: string): string => new URL('/alarms', address).href;
