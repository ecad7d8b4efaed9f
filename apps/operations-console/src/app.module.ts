import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Registry } from 'prom-client';
import { datasetNames, EventCodec, SchemaRegistry } from '@huitong/change-event';
import { createTopicAdmin, createTopicReader } from '@huitong/event-stream';
import {
  AccessLog,
  AlarmWatch,
  GroupWatch,
  LagWatch,
  openPool,
  openSubjectDatabases,
  placesOf,
  RedisPublishedEvents,
  SubjectReader,
  topicPlaces,
  SubjectViewer,
  Unmasking,
  withStewards,
} from '@huitong/governance';
import type { ServiceOptions } from '@huitong/service-kit';
import { databases, subjectLinks } from '@huitong/subjects';
import { guardBrowsers } from './browser-guard.ts';
import type { ConsoleConfig } from './config.ts';
import { openAlarmParts } from './alarm-parts.ts';
import { AlarmsController, CHANNELS } from './alarms.controller.ts';
import { ExportsController } from './exports.controller.ts';
import { DATABASES, FollowController, PUBLISHED } from './follow.controller.ts';
import { GroupsController } from './groups.controller.ts';
import { LiveController } from './live.controller.ts';
import { LiveFeed } from './live-feed.ts';
import { Manual } from './manual.ts';
import { Pages } from './pages.ts';
import { PagesController } from './pages.controller.ts';
import { ACCESS_LOG, CODEC, ParkedController, STEWARDS } from './parked.controller.ts';
import { ProofsController } from './proofs.controller.ts';
import { RebuildsController } from './rebuilds.controller.ts';
import { SharedLooks } from './shared-looks.ts';
import { TopicSources } from './topic-sources.ts';
import { TopicsController } from './topics.controller.ts';
import { SubjectsController } from './subjects.controller.ts';

@Module({})
class AppModule {}

const name = 'operations-console';

/** What each page asks, a file each. */
const controllers = [
  PagesController,
  LiveController,
  GroupsController,
  FollowController,
  ParkedController,
  ProofsController,
  RebuildsController,
  TopicsController,
  ExportsController,
  SubjectsController,
  AlarmsController,
];

/** The operations console as a service: what it listens on and what it is made of. */
export function serviceOf(config: ConsoleConfig): ServiceOptions {
  return {
    name,
    module: appModule(config),
    port: config.CONSOLE_PORT,
    host: config.LISTEN_HOST,
    certs: { dir: config.CERTS_DIR },
    logLevel: config.LOG_LEVEL,
    shutdownMs: config.SHUTDOWN_TIMEOUT_MS,
  };
}

function appModule(config: ConsoleConfig): DynamicModule {
  const readerConnections = config.READER_CONNECTIONS;
  const subjects = openSubjectDatabases({ databases, urlOf: config.urlOf, applicationName: name, readerConnections });
  const accessLog = openPool({ url: config.ACCESS_LOG_URL, applicationName: name, connectionsMax: 2 });
  const stewards = withStewards(subjects, { urlOf: config.urlOf, applicationName: name });
  const log = new AccessLog(accessLog);
  const admin = createTopicAdmin({ brokers: config.KAFKA_BROKERS, clientId: name });
  const topicReader = createTopicReader({ brokers: config.KAFKA_BROKERS, clientId: `${name}-topics` });
  const registry = new SchemaRegistry(config.REGISTRY_URL);
  const codec = codecOf(registry);
  const topics = topicPlaces(subjects.map(({ plan }) => plan));
  const published = new RedisPublishedEvents(config.REDIS_URL);
  const alarmParts = openAlarmParts(config, { databases: subjects, applicationName: name });
  const { alarms, channels } = alarmParts;
  const shared = new SharedLooks(config.REDIS_URL);
  const feed: LiveFeed = new LiveFeed({ databases: subjects, alarms, shared, lookAgain: () => void watch.report() });
  const watch = new LagWatch({ databases: subjects, offsets: admin, onReport: (rows) => void feed.show(rows) });
  const places = placesOf(subjects);
  const reader = new SubjectReader({ places, watch, log });
  const viewer = new SubjectViewer({ places, log, reader, links: subjectLinks });
  const pools = [...stewards.flatMap(({ reader, operator, steward }) => [reader, operator, steward]), accessLog];
  return {
    module: AppModule,
    controllers,
    providers: [
      { provide: Manual, useFactory: () => new Manual(join(import.meta.dirname, '..', '..', '..', 'docs')) },
      { provide: Pages, useFactory: () => new Pages(join(import.meta.dirname, '..', 'dist', 'web')) },
      { provide: LiveFeed, useValue: feed },
      { provide: DATABASES, useValue: subjects },
      { provide: PUBLISHED, useValue: published },
      { provide: SubjectReader, useValue: reader },
      { provide: GroupWatch, useValue: new GroupWatch({ admin, reader: topicReader }) },
      { provide: SubjectViewer, useValue: viewer },
      { provide: Unmasking, useValue: new Unmasking(log) },
      { provide: STEWARDS, useValue: stewards },
      { provide: CODEC, useValue: codec },
      {
        provide: TopicSources,
        useValue: new TopicSources({ places: topics, admin, reader: topicReader, registry, codec, log }),
      },
      { provide: ACCESS_LOG, useValue: log },
      { provide: AlarmWatch, useValue: alarms },
      { provide: CHANNELS, useValue: channels },
      { provide: 'guard', useFactory: guardBrowsers, inject: [HttpAdapterHost] },
      {
        provide: 'lifecycle',
        // Ready without its databases: the console is there to show that they are away.
        useFactory: (metrics: Registry) => {
          const sender = alarmParts.startSending(feed, metrics);
          watch.start();
          return {
            onModuleDestroy: async () => {
              watch.stop();
              sender.stop();
              await feed.end();
            },
            onApplicationShutdown: async () => {
              published.disconnect();
              const ends = [...pools.map((pool) => pool.end()), alarmParts.close()];
              await Promise.all([...ends, admin.disconnect(), topicReader.disconnect()]);
            },
          };
        },
        inject: [Registry],
      },
    ],
  };
}

/** Connects to the registry when it is first needed, and again after it was away. */
function codecOf(registry: SchemaRegistry): () => Promise<EventCodec> {
  let codec: Promise<EventCodec> | undefined;
  return () => {
    codec ??= EventCodec.connect(registry, datasetNames).catch((error: unknown) => {
      codec = undefined;
      throw error;
    });
    return codec;
  };
}
