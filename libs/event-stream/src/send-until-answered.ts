import kafkajs from 'kafkajs';

/**
 * Sends messages until each one's partition was answered for; resolves with all answers. kafkajs 2.2.4 keeps the answers of the
 * brokers that took their part while it tries the others again: a partition whose leader has moved to one of those is
 * then sent to nobody, and `send` resolves as if all were there. Throws where an answer is of none of the messages.
 */
export async function sendUntilAnswered<Message, Answer extends { readonly partition: number }>(
  messages: Message[],
  send: (messages: Message[]) => Promise<Answer[]>,
  partitionOf: (message: Message) => number | undefined,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let left = messages; left.length > 0;) {
    const some = await send(left);
    const answered = new Set<number | undefined>(some.map(({ partition }) => partition));
    const rest = left.filter((message) => !answered.has(partitionOf(message)));
    if (rest.length === left.length) throw new kafkajs.KafkaJSError('no broker answered for the messages');
    answers.push(...some);
    left = rest;
  }
  return answers;
}
