import kafkajs from 'kafkajs';

/**
 * Sends messages until each one's partition was answered for; resolves with all answers. kafkajs 2.2.4 keeps the answers of the
 * brokers that took their part while it tries the others again: a partition whose leader has moved to one of those is
 * then sent to nobody, and `send` resolves as if all were there. A place is a topic's partition. Throws where an answer is of
 * none of the messages.
 */
export async function sendUntilAnswered<Message, Answer>(
  messages: Message[],
  send: (messages: Message[]) => Promise<Answer[]>,
  placeOf: (message: Message) => string,
  answeredPlaceOf: (answer: Answer) => string,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let left = messages; left.length > 0;) {
    const some = await send(left);
    const answered = new Set(some.map(answeredPlaceOf));
    const rest = left.filter((message) => !answered.has(placeOf(message)));
    if (rest.length === left.length) throw new kafkajs.KafkaJSError('no broker answered for the messages');
    answers.push(...some);
    left = rest;
  }
  return answers;
}
