import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { javaFile } from './java.ts';
import type { Part, Place } from './part.ts';
import { brokerNames, type Broker } from './parts-record.ts';
import { ask } from './probe.ts';
import { run } from './processes.ts';

type BrokerName = Broker['name'];

const dataOf = (place: Place, name: BrokerName): string => join(place.home, 'data', name);
const classPathOf = (place: Place): string => join(place.cache, 'kafka', '*');

const nodeIdOf = (name: BrokerName): number => brokerNames.indexOf(name) + 1;
const brokerOf = (place: Place, name: BrokerName): Broker => place.brokers.find((broker) => broker.name === name)!;

/**
 * One of the brokers, each of which is a controller too (KRaft). Every value that differs from Kafka's defaults says why.
 * Three keep every message three times, and take it once two have it.
 */
function properties(place: Place, { name, port, controllerPort, advertisedPort }: Broker, folder: string): string {
  const several = place.brokers.length > 1;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': nodeIdOf(name),
    'controller.quorum.voters': place.brokers
      .map((broker) => `${nodeIdOf(broker.name)}@127.0.0.1:${broker.controllerPort}`)
      .join(),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'default.replication.factor': several ? 3 : 1,
    'min.insync.replicas': several ? 2 : 1,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'num.partitions': 12,
    // Events are kept without limit: a new database fills itself from all of them.
    'log.retention.ms': -1,
    // A broker that was killed reads its open segments again: small ones make it come back within seconds.
    'log.segment.bytes': 128 * 1024 * 1024,
    'offsets.topic.replication.factor': several ? 3 : 1,
    'offsets.topic.num.partitions': 10,
    'transaction.state.log.replication.factor': several ? 3 : 1,
    'transaction.state.log.min.isr': several ? 2 : 1,
    'transaction.state.log.num.partitions': 10,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // The session of a killed broker must lapse before its successor is admitted; the default is 9 s. Of several on one
    // machine that is short of processors all would lapse at once, and no partition have a leader.
    'broker.session.timeout.ms': several ? 6000 : 3000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** A broker of Kafka as a part. */
export const kafka = (name: BrokerName): Part => ({
  title: name === 'kafka' ? 'Kafka' : `Kafka ${nodeIdOf(name)}`,
  stopSignal: 'SIGTERM',
  stopWaitMs: 30_000,

  async prepare(place) {
    const data = dataOf(place, name);
    if (existsSync(join(data, 'meta.properties'))) return;
    // Formatted beside and renamed, so that a crash halfway leaves nothing that looks formatted.
    const draft = `${data}.draft`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    const config = join(place.home, 'run', `${name}-format.properties`);
    await writeFile(config, properties(place, brokerOf(place, name), draft));
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
    const config = join(place.home, 'run', `${name}.properties`);
    await writeFile(config, properties(place, brokerOf(place, name), dataOf(place, name)));
    return {
      file: javaFile(),
      args: [
        // A request of half a megabyte is a humongous object to G1 in so small a heap: it marked all the time, at twice the broker's own work.
        ...['-Xms256m', '-Xmx512m', '-XX:+UseParallelGC', '-Djava.awt.headless=true'],
        ...['-Dlog4j2.level=WARN', '-cp', classPathOf(place), 'kafka.Kafka', config],
      ],
    };
  },

  /** A metadata request (key 3, version 0, no topics) lists the brokers that are admitted: not this one while it starts. */
  async ready(place) {
    const request = Buffer.from('00000010' + '0003' + '0000' + '00000001' + '0000' + '00000001' + '0000', 'hex');
    const answer = await ask(brokerOf(place, name).port, request);
    return answer !== undefined && answer.length >= 12 && admittedIn(answer).includes(nodeIdOf(name));
  },
});

/** The node ids in a metadata answer: after size and correlation id their number, then id, host and port of each. */
function admittedIn(answer: Buffer): number[] {
  const ids: number[] = [];
  const count = answer.readInt32BE(8);
  for (let at = 12; ids.length < count && at + 6 <= answer.length; at += 4 + 2 + answer.readInt16BE(at + 4) + 4)
    ids.push(answer.readInt32BE(at));
  return ids;
}
