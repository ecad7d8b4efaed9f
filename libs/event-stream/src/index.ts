export { cutBehind } from './cut-behind.ts';
export { createPublisher } from './publisher.ts';
export type { Published } from './producer-line.ts';
export type { Publisher } from './publisher.ts';
export type { ConsumerGroup } from './consumer-groups.ts';
export { createTopicAdmin } from './topic-admin.ts';
export type { TopicAdmin, TopicRetention, TopicSpec } from './topic-admin.ts';
export { createTopicReader } from './topic-reader.ts';
export type { OffsetRange, StoredMessage, TopicReader } from './topic-reader.ts';
export { TopicScan } from './topic-scan.ts';
export type { ScanOrder, ScanPartition } from './topic-scan.ts';
export { consumeLanes } from './lane-consumer.ts';
export type {
  ChunkStatus,
  LaneConsumer,
  LaneConsumerOptions,
  LaneConsumerState,
  LaneHandlers,
} from './lane-consumer.ts';
export type { LanePosition, LanePositions, LostEvents } from './lost-events.ts';
export type { Amount, FetchedMessage, LaneBatch } from './lane-buffer.ts';
export type { BrokerOptions, StreamLog } from './kafka-client.ts';
