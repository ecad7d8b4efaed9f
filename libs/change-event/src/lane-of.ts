/**
 * The lane of a subject id: the partition that Kafka's default partitioner gives its UTF-8 key (murmur2 as in
 * `org.apache.kafka.common.utils.Utils`, then `toPositive` modulo the partitions).
 */
export function laneOf(subjectId: string, lanes: number): number {
  return (murmur2(Buffer.from(subjectId)) & 0x7fffffff) % lanes;
}

/** MurmurHash 2, 32 bits, with Kafka's seed; a signed number, as Java has it. */
export function murmur2(data: Buffer): number {
  const multiplier = 0x5bd1e995;
  const whole = data.length & ~3;
  let hash = 0x9747b28c ^ data.length;
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(data.readInt32LE(at), multiplier);
    word = Math.imul(word ^ (word >>> 24), multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  if (data.length > whole) hash = Math.imul(hash ^ data.readUIntLE(whole, data.length - whole), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}
