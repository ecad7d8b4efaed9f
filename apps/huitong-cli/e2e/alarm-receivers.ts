import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** Those who are told of alarms, as others have them: a web server that takes posts and checks who signed them, and a mail server. */
export interface AlarmReceivers {
  /** How the console is told of them. */
  readonly settings: Record<string, string>;
  /** The bodies of posts whose signature was right; others are refused. */
  readonly posts: string[];
  /** The texts of letters. */
  readonly letters: string[];
  close(): Promise<void>;
}

export async function openAlarmReceivers(): Promise<AlarmReceivers> {
  const key = randomBytes(32);
  const posts: string[] = [];
  const letters: string[] = [];
  const hook = createServer((request, response) => {
    void text(request).then((body) => {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
      const expected = createHmac('sha256', key)
        .update(`${String(id)}.${String(at)}.${body}`)
        .digest('base64');
      const isOurs = signature === `v1,${expected}`;
      if (isOurs) posts.push(body);
      response.writeHead(isOurs ? 204 : 401).end();
    });
  });
  await once(hook.listen(0, '127.0.0.1'), 'listening');
  const mail = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, taken) =>
      void text(stream).then((letter) => {
        letters.push(Buffer.from(letter.slice(letter.search(/\r?\n\r?\n/)), 'base64').toString());
        taken();
      }),
  });
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  return {
    settings: {
      ALARM_WEBHOOK_URL: `http://127.0.0.1:${portOf(hook)}/alarms`,
      ALARM_WEBHOOK_SECRET: `whsec_${key.toString('base64')}`,
      ALARM_SMTP_URL: `smtp://127.0.0.1:${portOf(mail.server)}`,
      ALARM_MAIL_FROM: 'huitong@example.org',
      ALARM_MAIL_TO: 'operators@example.org, chief@example.org',
    },
    posts,
    letters,
    async close() {
      hook.close();
      await new Promise<void>((resolve) => mail.close(resolve));
    },
  };
}
