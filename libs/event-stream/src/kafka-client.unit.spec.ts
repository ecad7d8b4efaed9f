import { HuitongError } from '@huitong/change-event';
import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { translateKafkaError } from './kafka-client.ts';

describe('an error of the kafka client', () => {
  it.each([
    ['of kafkajs', new kafkajs.KafkaJSNumberOfRetriesExceeded(new Error('no leader'), { retryCount: 6, retryTime: 1 })],
    ['of the network', Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' })],
    ['that kafkajs throws plainly', new Error('Broker not connected')],
  ])('is an absent broker, to be tried again: one %s', (_, error) => {
    expect(translateKafkaError(error, 'publishing')).toMatchObject({ code: 'BROKER_UNAVAILABLE', cause: error });
  });

  it('stays what it is where it is of something else', () => {
    const [mistake, ours] = [new TypeError('x is not a function'), new HuitongError('DISK_FULL', 'writing')];
    expect(translateKafkaError(mistake, 'publishing')).toBe(mistake);
    expect(translateKafkaError(ours, 'publishing')).toBe(ours);
  });
});
