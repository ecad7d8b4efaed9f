import { laneOf } from '@huitong/change-event';
import kafkajs, { type ICustomPartitioner, type Message } from 'kafkajs';

/** A message that keeps the partition that it was placed in. */
export interface PlacedMessage extends Message {
  placed?: number | undefined;
}

/**
 * Places messages as kafkajs and Kafka itself do, and keeps where. kafkajs hashes with an object for each step: a key that is a text is hashed
 * in `laneOf`, to the same end.
 */
export const keepingPartitioner: ICustomPartitioner = () => {
  const partitionOf = kafkajs.Partitioners.DefaultPartitioner();
  return (args) => {
    const { message, partitionMetadata } = args;
    const { key, partition } = message;
    const placed =
      typeof key === 'string' && partition === undefined ? laneOf(key, partitionMetadata.length) : partitionOf(args);
    (message as PlacedMessage).placed = placed;
    return placed;
  };
};
