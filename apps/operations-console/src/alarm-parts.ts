import { join } from 'node:path';
import type { Registry } from 'prom-client';
import {
  AlarmSender,
  AlarmWatch,
  mailChannel,
  openPool,
  ServiceWatch,
  webhookChannel,
  type AlarmChannel,
  type Channels,
  type SendNotice,
  type SubjectDatabase,
} from '@huitong/governance';
import type { ConsoleConfig } from './config.ts';
import { ConsoleMetrics } from './console-metrics.ts';
import type { LiveFeed } from './live-feed.ts';

/** What alarms need: where they are kept, what they watch, and whom they tell. */
export function openAlarmParts(
  config: ConsoleConfig,
  { databases, applicationName }: { databases: readonly SubjectDatabase[]; applicationName: string },
) {
  const exchange = openPool({ url: config.ALARMS_URL, applicationName, connectionsMax: 4 });
  const services = new ServiceWatch(new Map(config.WATCHED_SERVICES ?? []), join(config.CERTS_DIR, 'ca.pem'));
  const channels = channelsOf(config);
  const alarms = new AlarmWatch({ exchange, databases, services, channels: [...channels.keys()] });
  return {
    alarms,
    channels,
    /** Sends what waits, and tells Prometheus and the open pages of it. */
    startSending(feed: LiveFeed, registry: Registry): AlarmSender {
      const metrics = new ConsoleMetrics(registry, [...channels.keys()]);
      feed.looks.subscribe((live) => metrics.show(live));
      const sender = new AlarmSender(exchange, channels, (channel, outcome) => {
        metrics.told(channel, outcome);
        feed.changed('alarms');
      });
      sender.start();
      return sender;
    },
    close: () => Promise.all([exchange.end(), services.close()]),
  };
}

/** Where people are told of alarms, as far as it is set up. */
function channelsOf(config: ConsoleConfig): Channels {
  const { ALARM_WEBHOOK_URL: url, ALARM_WEBHOOK_SECRET: secret, ALARM_SMTP_URL: smtpUrl } = config;
  const { ALARM_MAIL_FROM: from, ALARM_MAIL_TO: to, CONSOLE_PUBLIC_URL: address } = config;
  return new Map<AlarmChannel, SendNotice>([
    ...(url && secret ? [['webhook', webhookChannel({ url, secret, address })] as const] : []),
    ...(smtpUrl && from && to ? [['mail', mailChannel({ smtpUrl, from, to, address })] as const] : []),
  ]);
}
