import { dispositionOf, HuitongError } from '@huitong/change-event';
import kafkajs, { type Batch, type Consumer, type TopicPartitionOffset } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CatchUp, type TopicLane } from './catch-up.ts';
import { endSilentConnections, kafkaClient, type BrokerOptions } from './kafka-client.ts';
import { fetchInSessions } from './fetch-session.ts';
import { fetchedLaneOf, hasRecords, type FetchedLane } from './fetched-batch.ts';
import { laneAssigner } from './lane-assigner.ts';
import { LaneBuffer, type Amount, type LaneBatch } from './lane-buffer.ts';
import { findLost, type LanePositions, type LostEvents } from './lost-events.ts';
import { straightTo, type FetchingGroup } from './straight-fetch.ts';
import { createTopicAdmin, type TopicAdmin } from './topic-admin.ts';

/** What applying a chunk gave. `fenced`: another member owns a lane. `stale`: some of it was applied before. */
export type ChunkStatus = 'applied' | 'fenced' | 'stale';

/** What a lane consumer stands between: where a lane goes on, what to do with its messages, and what is said of losses. */
export interface LaneHandlers {
  /** Claims lanes for this member; answers where each goes on, by lane and topic. Retried while the group is unchanged. */
  claim(lanes: readonly number[]): Promise<LanePositions>;
  /** Keeps which lanes stand still, so that the next claim knows; nothing is consumed before it has worked. Left out, they stand still unkept. */
  keepLost?(lost: readonly LostEvents[]): Promise<void>;
  /** Keeps that this member was refused; a failure is ignored. */
  keepFenced?(): Promise<void>;
  /** Applies one chunk in one transaction. An error that is an environment fault is retried with the same chunk, for ever. */
  apply(batches: readonly LaneBatch[]): Promise<ChunkStatus>;
}

/** Settings of a lane consumer. */
export interface LaneConsumerOptions extends BrokerOptions, LaneHandlers {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** One chunk at most: larger chunks load faster, smaller ones need less memory and lose less time when one fails. */
  readonly chunkMax: Amount;
  /** Chunks in hand at one time; lanes never overlap. */
  readonly writers: number;
  readonly sessionTimeoutMs: number;
  /**
   * Fetches are at least this far apart, in milliseconds; 10 where nothing is said. A broker answers at the first byte: unpaced, each
   * event of a steady stream would be a fetch.
   */
  readonly fetchIntervalMs?: number;
  /** Called when nothing but a restart helps: the process ends and its supervisor starts it again. */
  readonly onFatal: (error: HuitongError) => void;
}

/** What a lane consumer is doing, for health, metrics and the lag page. */
export interface LaneConsumerState {
  readonly lanes: readonly number[];
  readonly bufferedMessages: number;
  /** Epoch milliseconds of the last chunk applied or fetch that found nothing. */
  readonly lastProgressMs: number;
  readonly rebalances: number;
  readonly fenced: number;
  /** `<topic>/<lane>` whose next events the broker no longer has: the lane stands still until a person decides. */
  readonly dataLost: readonly string[];
}

/** A running lane consumer. */
export interface LaneConsumer {
  state(): LaneConsumerState;
  /** Claims all lanes again, as after an operator moved one. */
  claimAnew(): void;
  /** Finishes the chunks in hand, leaves the group, and resolves. */
  stop(): Promise<void>;
}

/** What waits to be applied keeps the whole answer that it came in. */
const fetchBytesMax = 1 << 20;

/** Fetches are answered within 250 ms, heartbeats at once; a broker that takes longer than this is as good as away. */
const requestTimeoutMs = 15_000;

/** Outside tools learn this often how far the lanes are, in milliseconds: a request for each chunk costs the broker more than the fetches. */
const tellKafkaMs = 1_000;

/** After being fenced a member waits this long for the group to change before it gives up, in milliseconds. */
const fencedPatienceMs = 60_000;

/**
 * Consumes lanes: partition p of all topics. Kafka places lanes on members; `claim` fences them and says where they go
 * on; messages are fetched ahead into a bounded buffer while writers apply chunks. What kafkajs believes to be its
 * position is only the position of that read-ahead: after every change of assignment, after every broken connection, which
 * may have been to another log than the next one, and after every doubt, all lanes are claimed anew and sought to what the
 * claim says.
 */
export async function consumeLanes(options: LaneConsumerOptions): Promise<LaneConsumer> {
  const run = new LaneRun(options);
  await run.start();
  return { state: () => run.state(), claimAnew: () => run.claimAnew(), stop: () => run.stop() };
}

class LaneRun {
  readonly #options: LaneConsumerOptions;
  readonly #consumer: Consumer;
  readonly #heartbeatMs: number;
  readonly #admin: TopicAdmin;
  readonly #catchUp = new CatchUp();
  readonly #buffer: LaneBuffer;
  #assignment: ReadonlyMap<number, readonly string[]> = new Map();
  /** Grows with every claim; what was fetched under an older one is dropped. */
  #generation = 0;
  #claimed = false;
  #stopping = false;
  #lastProgressMs = Date.now();
  #rebalances = 0;
  #fenced = 0;
  #dataLost: string[] = [];
  #fencedTimer: NodeJS.Timeout | undefined;
  /** The offset that each `<topic>/<lane>` must go on with; a jump means that the broker dropped something, or a marker. */
  readonly #expected = new Map<string, number>();
  #writers: Promise<void>[] = [];
  /** What Kafka is to be told next, by `<topic>/<lane>`. */
  readonly #toTell = new Map<string, TopicPartitionOffset>();
  #tellTimer: NodeJS.Timeout | undefined;

  constructor(options: LaneConsumerOptions) {
    fetchInSessions();
    this.#options = options;
    this.#heartbeatMs = Math.min(3_000, options.sessionTimeoutMs / 3);
    this.#buffer = new LaneBuffer(ahead(options), (of) => this.#catchUp.horizonMs(of));
    this.#admin = createTopicAdmin({ ...options, requestTimeoutMs, clientId: `${options.clientId}-offsets` });
    const client = kafkaClient({ ...options, requestTimeoutMs, onBroken: () => this.#broken() });
    this.#consumer = client.consumer({
      groupId: options.groupId,
      partitionAssigners: [straightTo((batches, group) => this.#fetched(batches, group), laneAssigner)],
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: 60_000,
      heartbeatInterval: this.#heartbeatMs,
      maxWaitTimeInMs: 250,
      minBytes: 1,
      maxBytesPerPartition: fetchBytesMax / 4,
      maxBytes: fetchBytesMax,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => !this.#stopping },
    });
    endSilentConnections(client, this.#consumer);
  }

  async start(): Promise<void> {
    const { GROUP_JOIN, CRASH, FETCH_START, FETCH } = this.#consumer.events;
    // kafkajs calls these two before it puts a fetch together: pausing there is in time, awaiting would not be.
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#assigned(payload.memberAssignment));
    this.#consumer.on(FETCH_START, () => this.#steer());
    this.#consumer.on(FETCH, () => {
      if (this.#claimed && this.#buffer.size.messages === 0) this.#lastProgressMs = Date.now();
    });
    this.#consumer.on(CRASH, ({ payload }) => {
      if (payload.restart || this.#stopping) return;
      this.#options.onFatal(new HuitongError('BROKER_UNAVAILABLE', 'consuming from kafka', { cause: payload.error }));
    });
    this.#writers = Array.from({ length: this.#options.writers }, () => this.#write());
    for (;;) {
      try {
        await this.#consumer.connect();
        await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
        break;
      } catch (error) {
        this.#options.log?.('warn', 'kafka is not there yet', { reason: (error as Error).message });
        await sleep(1_000);
      }
    }
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Its batches go another way.
      eachBatch: async () => {},
    });
  }

  state(): LaneConsumerState {
    return {
      lanes: this.#claimed ? [...this.#assignment.keys()] : [],
      bufferedMessages: this.#buffer.size.messages,
      lastProgressMs: this.#lastProgressMs,
      rebalances: this.#rebalances,
      fenced: this.#fenced,
      dataLost: this.#dataLost,
    };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#fencedTimer);
    this.#buffer.close();
    await Promise.all(this.#writers);
    void this.#tellKafka();
    await this.#consumer.disconnect().catch(() => {});
    await this.#admin.disconnect().catch(() => {});
  }

  #assigned(memberAssignment: Readonly<Record<string, readonly number[]>>): void {
    const byLane = new Map<number, string[]>();
    for (const [topic, partitions] of Object.entries(memberAssignment))
      for (const lane of partitions) byLane.set(lane, [...(byLane.get(lane) ?? []), topic]);
    this.#assignment = byLane;
    this.#rebalances += 1;
    clearTimeout(this.#fencedTimer);
    this.claimAnew();
  }

  /** Forgets what was fetched and claims all lanes of the assignment; consuming goes on when that has worked. */
  claimAnew(): void {
    const generation = ++this.#generation;
    this.#claimed = false;
    this.#buffer.clear();
    this.#catchUp.clear();
    this.#toTell.clear();
    this.#consumer.pause(this.#partitions());
    void this.#claim(generation);
  }

  #partitions(): { topic: string; partitions: number[] }[] {
    const byTopic = new Map<string, number[]>();
    for (const [lane, topics] of this.#assignment)
      for (const topic of topics) byTopic.set(topic, [...(byTopic.get(topic) ?? []), lane]);
    return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
  }

  async #claim(generation: number): Promise<void> {
    const assignment = this.#assignment;
    const current = (): boolean => generation === this.#generation && !this.#stopping;
    for (let delayMs = 200; current(); delayMs = Math.min(delayMs * 2, 5_000)) {
      try {
        const claims = await this.#options.claim([...assignment.keys()]);
        const lost = await findLost(this.#admin, this.#options.topics, claims);
        if (!current()) return;
        if (lost.length > 0) await this.#options.keepLost?.(lost);
        if (!current()) return;
        this.#goOn(assignment, claims, lost);
        return;
      } catch (error) {
        if (current()) this.#options.log?.('warn', 'claiming lanes, again soon', { reason: codeOf(error) });
        await sleep(delayMs);
      }
    }
  }

  #goOn(assignment: ReadonlyMap<number, readonly string[]>, claims: LanePositions, lost: readonly LostEvents[]): void {
    const standing = new Set(lost.map(keyOf));
    for (const [lane, topics] of assignment)
      for (const topic of topics) {
        const next = claims.get(lane)?.[topic]?.next ?? 0;
        this.#expected.set(`${topic}/${lane}`, next);
        if (!standing.has(`${topic}/${lane}`)) this.#consumer.seek({ topic, partition: lane, offset: String(next) });
      }
    this.#dataLost = [...standing];
    if (lost.length > 0)
      this.#options.log?.('error', 'the broker no longer has the next events of a lane, which stands still', {
        code: 'DATA_LOST',
        lanes: this.#dataLost.join(' '),
      });
    this.#claimed = true;
    this.#lastProgressMs = Date.now();
    const going = this.#partitions().map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.filter((lane) => !standing.has(`${topic}/${lane}`)),
    }));
    this.#consumer.resume(going.filter(({ partitions }) => partitions.length > 0));
  }

  #steer(): void {
    if (!this.#claimed) return;
    const { pause, resume } = this.#catchUp.steer();
    this.#consumer.pause(pause.map(asked));
    this.#consumer.resume(resume.map(asked));
  }

  /** The broker that answers next may have another log: its disk was changed, or another one leads now. */
  #broken(): void {
    if (this.#stopping || this.#assignment.size === 0) return;
    try {
      this.claimAnew();
    } catch (error) {
      // kafkajs has ended its consumer and starts another, which joins, and that claims.
      if (!(error instanceof kafkajs.KafkaJSError)) throw error;
    }
  }

  /** kafkajs moves on silently from an offset that the broker no longer has; here the lanes are claimed, which finds that. */
  async #skipsLostEvents({ topic, lane, firstOffset }: FetchedLane): Promise<boolean> {
    const expected = this.#expected.get(`${topic}/${lane}`) ?? 0;
    if (firstOffset <= expected) return false;
    const beginning = (await this.#admin.beginningOffsets([topic])).get(topic)?.[lane];
    if (beginning !== undefined && beginning <= expected) return false;
    this.claimAnew();
    return true;
  }

  async #fetched(batches: readonly Batch[], group: FetchingGroup): Promise<void> {
    const since = performance.now();
    const generation = this.#generation;
    const current = (): boolean => this.#claimed && generation === this.#generation && !this.#stopping;
    for (const batch of batches) {
      while (current() && !(await this.#buffer.hasRoom(1_000))) await group.heartbeat({ interval: this.#heartbeatMs });
      if (!current()) return;
      if (!hasRecords(batch)) continue;
      const { topic, partition } = batch;
      const offset = batch.lastOffset();
      const fetched = fetchedLaneOf(batch);
      if (await this.#skipsLostEvents(fetched)) return;
      if (!current()) return;
      this.#expected.set(keyOf(fetched), Number(offset) + 1);
      const last = fetched.messages.at(-1);
      if (last) {
        this.#catchUp.note(fetched, last.timestampMs, Number(batch.highWatermark) - 1 - Number(offset));
        this.#buffer.add(fetched);
      }
      group.resolveOffset({ topic, partition, offset });
    }
    // The next fetch waits for this one.
    if (batches.length > 0) await sleep(Math.max(0, since + (this.#options.fetchIntervalMs ?? 10) - performance.now()));
  }

  async #write(): Promise<void> {
    for (;;) {
      const chunk = await this.#buffer.take(this.#options.chunkMax);
      if (!chunk) return;
      const generation = this.#generation;
      try {
        await this.#apply(chunk.batches, generation);
      } catch (error) {
        this.#options.onFatal(
          error instanceof HuitongError ? error : new HuitongError('INTERNAL', 'applying a chunk', { cause: error }),
        );
        return;
      } finally {
        chunk.release();
      }
    }
  }

  async #apply(batches: readonly LaneBatch[], generation: number): Promise<void> {
    for (let delayMs = 200; generation === this.#generation; delayMs = Math.min(delayMs * 2, 5_000)) {
      try {
        const status = await this.#options.apply(batches);
        this.#lastProgressMs = Date.now();
        if (status === 'applied') this.#noteApplied(batches);
        else if (generation === this.#generation) this.#doubt(status);
        return;
      } catch (error) {
        if (!isEnvironmentFault(error)) throw error;
        if (this.#stopping) return;
        this.#options.log?.('info', 'a part is away, the chunk is tried again', { reason: codeOf(error) });
        await sleep(delayMs);
      }
    }
  }

  /** A chunk was not ours to apply: stale lanes are claimed again; a fenced member waits for the group to change. */
  #doubt(status: 'fenced' | 'stale'): void {
    if (status === 'stale') return this.claimAnew();
    this.#fenced += 1;
    this.#options.keepFenced?.().catch(() => {});
    this.#generation += 1;
    this.#claimed = false;
    this.#buffer.clear();
    this.#consumer.pause(this.#partitions());
    this.#fencedTimer = setTimeout(
      () => this.#options.onFatal(new HuitongError('FENCED', 'writing to lanes that another member has claimed')),
      fencedPatienceMs,
    ).unref();
  }

  #noteApplied(batches: readonly LaneBatch[]): void {
    for (const { topic, lane, messages } of batches)
      this.#toTell.set(`${topic}/${lane}`, { topic, partition: lane, offset: String(messages.at(-1)!.offset + 1) });
    this.#tellTimer ??= setTimeout(() => void this.#tellKafka(), tellKafkaMs).unref();
  }

  /** A courtesy to outside tools, which watch Kafka's committed offsets; failures are ignored. */
  async #tellKafka(): Promise<void> {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    const offsets = [...this.#toTell.values()];
    this.#toTell.clear();
    if (offsets.length > 0) await this.#consumer.commitOffsets(offsets).catch(() => {});
  }
}

/** Fetched ahead: three chunks for each writer, so that none waits for the broker, and lanes have much of all their topics at one time. */
const ahead = ({ chunkMax, writers }: LaneConsumerOptions): Amount => ({
  messages: chunkMax.messages * writers * 3,
  bytes: chunkMax.bytes * writers,
});

const asked = ({ topic, lane }: TopicLane) => ({ topic, partitions: [lane] });

const keyOf = ({ topic, lane }: TopicLane): string => `${topic}/${lane}`;

function isEnvironmentFault(error: unknown): boolean {
  return (
    (error instanceof HuitongError && dispositionOf[error.code] === 'retry') || error instanceof kafkajs.KafkaJSError
  );
}

const codeOf = (error: unknown): string =>
  error instanceof HuitongError ? error.code : error instanceof Error ? error.name : 'unknown';
