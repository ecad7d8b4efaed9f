import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { javaFile } from './java.ts';
import type { Part, Place } from './part.ts';
import { freePort } from './ports.ts';
import { ask } from './probe.ts';
import { run } from './processes.ts';

const dataOf = (place: Place): string => join(place.home, 'data', 'kafka');
const classPathOf = (place: Place): string => join(place.cache, 'kafka', '*');

/** One broker that is its own controller (KRaft). Every value that differs from Kafka's defaults says why. */
const properties = (place: Place, folder: string, controllerPort: number): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${place.ports.kafka},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${place.ports.kafka}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'num.partitions': 12,
    // Events are kept without limit: a new database fills itself from all of them.
    'log.retention.ms': -1,
    // A broker that was killed reads its open segments again: small ones make it come back within seconds.
    'log.segment.bytes': 128 * 1024 * 1024,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 10,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 10,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // The session of a killed broker must lapse before its successor is admitted; the default is 9 s.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

export const kafka: Part = {
  title: 'Kafka',
  stopSignal: 'SIGTERM',
  stopWaitMs: 30_000,

  async prepare(place) {
    const data = dataOf(place);
    if (existsSync(join(data, 'meta.properties'))) return;
    // Formatted beside and renamed, so that a crash halfway leaves nothing that looks formatted.
    const draft = `${data}.draft`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    const config = join(place.home, 'run', 'kafka-format.properties');
    await writeFile(config, properties(place, draft, await freePort()));
    const clusterId = 'aHVpdG9uZy1sb2NhbC0wMQ';
    await run(
      {
        file: javaFile(),
        args: ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', classPathOf(place), 'kafka.tools.StorageTool'].concat([
          ...['format', '--cluster-id', clusterId, '--config', config],
        ]),
      },
      { code: 'PART_FAILED', what: '无法格式化 Kafka 存储 / could not format the storage of Kafka' },
    );
    await rm(data, { recursive: true, force: true });
    await rename(draft, data);
  },

  async command(place) {
    const config = join(place.home, 'run', 'kafka.properties');
    await writeFile(config, properties(place, dataOf(place), await freePort()));
    return {
      file: javaFile(),
      args: [
        ...['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-Djava.awt.headless=true'],
        ...['-Dlog4j2.level=WARN', '-cp', classPathOf(place), 'kafka.Kafka', config],
      ],
    };
  },

  /** A metadata request (key 3, version 0, no topics) lists the brokers that are admitted: none while it still starts. */
  async ready(place) {
    const request = Buffer.from('00000010' + '0003' + '0000' + '00000001' + '0000' + '00000001' + '0000', 'hex');
    const answer = await ask(place.ports.kafka, request);
    return answer !== undefined && answer.length >= 12 && answer.readInt32BE(8) > 0;
  },
};
