import { createTransport } from 'nodemailer';
import { HuitongError } from '@huitong/change-event';
import { inTransaction, type Database } from '@huitong/postgres';
import type { AlarmChannel } from './alarm-book.ts';
import { mailOf, webhookOf, type Notice, type NoticedAlarm } from './alarm-notice.ts';

/** Hands a notice to a channel; throws where the other side did not take it. */
export type SendNotice = (notice: Notice) => Promise<void>;

/** The channels that are set up. */
export type Channels = ReadonlyMap<AlarmChannel, SendNotice>;

/** Hears of each attempt to send. */
type OnTried = (channel: AlarmChannel, outcome: 'sent' | 'failed') => void;

/** The other side has this long to take a notice. */
const sendWithinMs = 10_000;
/** A channel that is away is tried again after 2 s, 4 s and so on up to this, and a notice given up when it is so old. */
const retryMaxMs = 300_000;
const giveUpAfterMs = 86_400_000;

/**
 * Sends the oldest waiting notice of each channel; answers how many were handed over. The row is locked while it is sent, so that of several
 * processes one sends it and the others pass on, and one that ends meanwhile leaves it to the next. What the other side took just before that
 * is sent to it once more, under the same id.
 */
export async function sendNotices(
  database: Database,
  channels: Channels,
  nowMs: number,
  onTried?: OnTried,
): Promise<number> {
  const sent = await Promise.all(
    [...channels].map(async ([channel, send]) => {
      const outcome = await sendOldest(database, channel, send, nowMs);
      if (outcome) onTried?.(channel, outcome);
      return outcome;
    }),
  );
  return sent.filter((outcome) => outcome === 'sent').length;
}

const lookEveryMs = 1_000;

/** Sends what waits, as it comes; while the database is away nothing is sent and nothing is lost. */
export class AlarmSender {
  readonly #database: Database;
  readonly #channels: Channels;
  readonly #onTried: OnTried;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** `onTried` hears of each attempt. */
  constructor(database: Database, channels: Channels, onTried: OnTried) {
    this.#database = database;
    this.#channels = channels;
    this.#onTried = onTried;
  }

  start(): void {
    if (this.#channels.size === 0) return;
    const send = () => sendNotices(this.#database, this.#channels, Date.now(), this.#onTried).catch(() => 0);
    const look = async (): Promise<void> => {
      while (!this.#isStopped && (await send()) > 0);
      if (!this.#isStopped) this.#timer = setTimeout(() => void look(), lookEveryMs).unref();
    };
    void look();
  }

  /** What is under way is still sent. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}

async function sendOldest(
  database: Database,
  channel: AlarmChannel,
  send: SendNotice,
  nowMs: number,
): Promise<'sent' | 'failed' | undefined> {
  return inTransaction(database, async (connection) => {
    // The oldest or none: an end must not overtake its beginning.
    const { rows } = await connection.query<{ id: number; alarms: NoticedAlarm[]; at: Date; attempts: number }>(
      `select id, alarms, created_at as at, attempts from alarm_notice
        where next_at <= $2 and sent_at is null and id = (
          select min(id) from alarm_notice where channel = $1 and sent_at is null and given_up_at is null)
        for update skip locked`,
      [channel, new Date(nowMs)],
    );
    const [row] = rows;
    if (!row) return undefined;
    const { id, alarms, at, attempts } = row;
    const problem = await send({ id, at: at.toISOString(), alarms }).then(
      () => null,
      (error: unknown) => problemOf(error),
    );
    const nextMs = nowMs + Math.min(retryMaxMs, 2 ** (attempts + 1) * 1_000);
    const isGivenUp = problem !== null && nextMs - at.getTime() > giveUpAfterMs;
    await connection.query(
      `update alarm_notice set attempts = attempts + 1, problem = $2, next_at = $3,
          sent_at = case when $2::text is null then clock_timestamp() end, given_up_at = case when $4 then clock_timestamp() end
        where id = $1`,
      [id, problem, new Date(nextMs), isGivenUp],
    );
    return problem === null ? 'sent' : 'failed';
  });
}

/** Why a notice was not taken, in a word or two: never what the other side wrote, which may repeat what it was sent. */
function problemOf(error: unknown): string {
  if (error instanceof HuitongError) return error.message;
  const code = (error as { code?: unknown }).code;
  const name = (error as { name?: unknown }).name;
  return typeof code === 'string' ? code : name === 'TimeoutError' ? 'no answer within 10 s' : 'not reachable';
}

/** Posts notices to an address; whatever answers other than 2xx did not take it. Redirects are not followed. */
export function webhookChannel(options: { url: string; secret: string; address: string | undefined }): SendNotice {
  const { url, secret, address } = options;
  return async (notice) => {
    const request = webhookOf(notice, { secret, address, nowMs: Date.now() });
    const signal = AbortSignal.timeout(sendWithinMs);
    const answer = await fetch(url, { method: 'POST', redirect: 'error', signal, ...request });
    await answer.body?.cancel();
    if (!answer.ok) throw new HuitongError('REQUEST_INVALID', `HTTP ${answer.status}`);
  };
}

/** Sends notices as letters over SMTP; TLS by `smtps:` or as the server offers it. */
export function mailChannel(options: {
  smtpUrl: string;
  from: string;
  to: readonly string[];
  address: string | undefined;
}): SendNotice {
  const { smtpUrl, from, to, address } = options;
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: sendWithinMs,
    greetingTimeout: sendWithinMs,
    socketTimeout: sendWithinMs,
    // A letter is text of our own; nothing of it may make the mailer read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async (notice) => {
    await transport.sendMail({
      ...mailOf(notice, address),
      from,
      to: [...to],
      textEncoding: 'base64',
      messageId: `<alarm-notice-${notice.id}-${Date.parse(notice.at)}@huitong>`,
      headers: { 'auto-submitted': 'auto-generated' },
    });
  };
}
