import { dispositionOf, EventCodec, HuitongError, SchemaRegistry, type DatasetName } from '@huitong/change-event';
import {
  consumeLanes,
  createPublisher,
  createTopicAdmin,
  cutBehind,
  type ChunkStatus,
  type LaneBatch,
  type LaneConsumer,
  type LanePositions,
  type LostEvents,
  type Publisher,
} from '@huitong/event-stream';
import { openDatabase, translateDatabaseError, type Database } from '@huitong/postgres';
import type { Health, Logger } from '@huitong/service-kit';
import {
  claimLanes,
  doProofRequests,
  doRebuildRequest,
  doReleaseRequests,
  doResumeRequests,
  frozenOwnerMs,
  isStatement,
  keepFenced,
  keepLost,
  positionsOf,
  readMessages,
  rebuildConnections,
  relayChanges,
  SubjectEngine,
  wereTakenBack,
  type Lane,
  type Prover,
} from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncConfig } from './config.ts';
import { openProver } from './open-prover.ts';
import type { SyncMetrics } from './sync-metrics.ts';

/** Without progress for this long the service is not live, in milliseconds. */
const progressMs = 60_000;

/** Changes that this process did not make itself, as another member's before it ended, are looked for this often, in milliseconds. */
const relayAnywayMs = 1_000;

/** Locks are waited for as long as a frozen owner may hold them, so an answer may take that long and a little more. */
const answerWithinMs = 30_000;

/** One statement of a rebuild may read, write or sort all records there are; a connection that fell silent is given up all the same. */
const rebuildAnswerWithinMs = 60 * 60_000;

/** One database's sync: Kafka's lanes in, facts and records kept, changes relayed, operators' requests done. */
export class SubjectSync implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #config: SyncConfig;
  readonly #logger: Logger;
  readonly #metrics: SyncMetrics;
  readonly #database: Database;
  readonly #engine: SubjectEngine;
  readonly #prover: Prover;
  /** Of its own: a rebuild takes long, reads by cursor, and must not stand in the lanes' way. */
  readonly #rebuilds: Database;
  readonly #datasetOf: ReadonlyMap<string, DatasetName>;
  #lanes: ReadonlyMap<number, Lane> = new Map();
  #codec: EventCodec | undefined;
  #consumer: LaneConsumer | undefined;
  #publisher: Publisher | undefined;
  #stopping = false;
  #changed = true;
  #relayedMs = 0;
  #background: Promise<void>[] = [];

  constructor(parts: { config: SyncConfig; logger: Logger; health: Health; metrics: SyncMetrics }) {
    const { config, logger, health, metrics } = parts;
    const plan = databases.get(config.database)!;
    this.#config = config;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#database = openDatabase({
      url: config.DATABASE_URL,
      applicationName: config.name,
      connectionsMax: config.WRITERS + 3,
      pipelined: true,
      byKey: true,
      idleInTransactionMs: frozenOwnerMs,
      answerWithinMs,
    });
    this.#engine = new SubjectEngine(this.#database, plan);
    this.#prover = openProver({ config, plan, logger, metrics });
    this.#rebuilds = openDatabase({
      url: config.DATABASE_URL,
      applicationName: `${config.name}-rebuild`,
      connectionsMax: rebuildConnections,
      answerWithinMs: rebuildAnswerWithinMs,
    });
    this.#datasetOf = new Map(plan.factTables.map(({ topic, dataset }) => [topic, dataset]));
    health.register({
      name: 'lanes',
      live: () => !this.#consumer || Date.now() - this.#consumer.state().lastProgressMs < progressMs || 'no progress',
      ready: () => (this.#consumer?.state().lanes.length ?? 0) > 0 || 'no lanes yet',
    });
  }

  onApplicationBootstrap(): void {
    void this.#start().catch((error: unknown) => this.#fatal(error));
  }

  /** The chunk in hand is finished, the group left, and what was committed is relayed as far as it goes. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    await this.#consumer?.stop();
    // One under way is begun anew by whoever comes next.
    void this.#rebuilds.end().catch(() => {});
    await Promise.all(this.#background);
    await this.#prover.stop();
    await this.#publisher?.disconnect().catch(() => {});
    await this.#database.end().catch(() => {});
  }

  async #start(): Promise<void> {
    const { KAFKA_BROKERS: brokers, name: clientId } = this.#config;
    const log = (level: 'info' | 'warn' | 'error', message: string, context: object): void =>
      this.#logger[level](context, message);
    const registry = new SchemaRegistry(this.#config.REGISTRY_URL);
    this.#codec = await this.#untilThere(() => EventCodec.connect(registry, [...this.#datasetOf.values()]));
    await this.#untilThere(() => this.#checkPartitions());
    this.#publisher = await createPublisher({ brokers, clientId, log });
    this.#consumer = await consumeLanes({
      brokers,
      clientId,
      log,
      groupId: this.#config.name,
      topics: [...this.#datasetOf.keys()],
      chunkMax: { messages: this.#config.CHUNK_MESSAGES_MAX, bytes: this.#config.CHUNK_BYTES_MAX },
      writers: this.#config.WRITERS,
      sessionTimeoutMs: this.#config.SESSION_TIMEOUT_MS,
      fetchIntervalMs: this.#config.FETCH_INTERVAL_MS,
      claim: (lanes) => this.#claim(lanes),
      keepLost: (lost) => this.#keepLost(lost),
      keepFenced: () => keepFenced(this.#database, this.#lanes.values()),
      apply: (batches) => this.#apply(batches),
      onFatal: (error) => this.#fatal(error),
    });
    this.#metrics.watch(this.#consumer);
    void this.#repeat('rebuilding', 1_000, () => this.#rebuild());
    this.#background = [
      this.#repeat('relaying changes', this.#config.RELAY_INTERVAL_MS, () => this.#relay()),
      this.#repeat('doing what operators asked for', 500, () => this.#release()),
      this.#repeat('proving and repairing', 500, () => this.#doProofRequests()),
      this.#repeat('looking for chunks that were taken back', 500, () => this.#lookBack()),
    ];
  }

  async #claim(lanes: readonly number[]): Promise<LanePositions> {
    const claimed = await claimLanes(this.#database, `${this.#config.name}@${process.pid}`, lanes);
    this.#lanes = new Map(claimed.map((lane) => [lane.lane, lane]));
    this.#logger.info({ lanes: claimed.length }, 'lanes claimed');
    return positionsOf(claimed);
  }

  #keepLost(lost: readonly LostEvents[]): Promise<void> {
    const positions = lost.map(({ lane, topic, youngestMs, sinceMs, ...offsets }) => {
      const appliedUntil = youngestMs ? new Date(youngestMs).toISOString() : null;
      return { lane, topic, position: { ...offsets, appliedUntil, since: new Date(sinceMs).toISOString() } };
    });
    return keepLost(this.#database, this.#lanes, positions);
  }

  /** Stands still behind each checkpoint for as long as a snapshot takes to open. */
  async #apply(batches: readonly LaneBatch[]): Promise<ChunkStatus> {
    for (let left = batches; left.length > 0;) {
      const { now, rest, marks } = cutBehind(left, isStatement);
      const status = await this.#applyChunk(now);
      if (status !== 'applied') return status;
      if (marks.length > 0)
        await this.#prover.cut(marks.map((mark) => ({ ...mark, dataset: this.#datasetOf.get(mark.topic)! })));
      left = rest;
    }
    return 'applied';
  }

  async #applyChunk(batches: readonly LaneBatch[]): Promise<ChunkStatus> {
    const started = performance.now();
    const read = await Promise.all(
      batches.map(({ topic, lane, messages }) =>
        readMessages(this.#codec!, { dataset: this.#datasetOf.get(topic)!, topic, lane, messages }),
      ),
    );
    const incoming = read.flat();
    const result = await this.#engine.apply({ lanes: this.#lanes, incoming });
    this.#changed = true;
    this.#metrics.applied(result, incoming.length, (performance.now() - started) / 1_000);
    if (result.status === 'applied' && result.outcomes.parked > 0)
      this.#logger.warn({ parked: result.outcomes.parked }, 'events were parked');
    return result.status;
  }

  async #relay(): Promise<void> {
    const lanes = this.#consumer!.state().lanes;
    if (lanes.length === 0 || !(this.#changed || Date.now() - this.#relayedMs > relayAnywayMs)) return;
    this.#changed = false;
    this.#relayedMs = Date.now();
    const publish = this.#publisher!.publish.bind(this.#publisher);
    const goOn = (): boolean => !this.#stopping;
    this.#metrics.relayed.inc(await relayChanges(this.#database, this.#engine.plan, lanes, publish, goOn));
  }

  async #release(): Promise<void> {
    const lanes = this.#consumer!.state().lanes;
    if (lanes.length === 0) return;
    await doReleaseRequests(this.#database, this.#engine, this.#codec!, lanes);
    if ((await doResumeRequests(this.#database, this.#lanes)) > 0) this.#consumer!.claimAnew();
  }

  async #lookBack(): Promise<void> {
    if (!(await wereTakenBack(this.#database, this.#lanes.values()))) return;
    this.#logger.warn('the database went back to an earlier state, what it lost is read again');
    this.#consumer!.claimAnew();
  }

  async #rebuild(): Promise<void> {
    if (await doRebuildRequest(this.#rebuilds, this.#engine.plan))
      this.#logger.info('a rebuild that was asked for has ended');
  }

  async #doProofRequests(): Promise<void> {
    const lanes = this.#consumer!.state().lanes;
    if (lanes.length > 0) await doProofRequests(this.#database, this.#engine.plan, lanes);
  }

  async #repeat(what: string, intervalMs: number, work: () => Promise<void>): Promise<void> {
    while (!this.#stopping) {
      try {
        await work();
      } catch (error) {
        this.#logger.warn({ err: error }, `${what} failed, again soon`);
        await sleep(1_000);
      }
      await sleep(intervalMs);
    }
  }

  /** Lanes need the same number of partitions in every topic, and a row for each; otherwise nothing may be consumed. */
  async #checkPartitions(): Promise<void> {
    const admin = createTopicAdmin({ brokers: this.#config.KAFKA_BROKERS, clientId: `${this.#config.name}-check` });
    try {
      const ends = await admin.endOffsets([...this.#datasetOf.keys()]);
      const { rows } = await this.#database.query<{ lanes: number }>('select count(*) as lanes from lane');
      const lanes = rows[0]!.lanes;
      for (const topic of this.#datasetOf.keys())
        if (ends.get(topic)?.length !== lanes)
          throw new HuitongError('CONFIG_INVALID', 'consuming topics that do not have one partition for each lane', {
            context: { topic, partitions: ends.get(topic)?.length ?? 0, lanes },
          });
    } catch (error) {
      throw translateDatabaseError(error);
    } finally {
      await admin.disconnect();
    }
  }

  async #untilThere<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const waits = error instanceof HuitongError && dispositionOf[error.code] === 'retry';
        if (this.#stopping || !waits) throw error;
        this.#logger.info({ code: error.code }, 'a part is not there yet');
        await sleep(1_000);
      }
    }
  }

  #fatal(error: unknown): void {
    if (this.#stopping) return;
    this.#logger.fatal({ err: error }, 'the service cannot go on and ends, to be started again');
    process.exit(1);
  }
}
