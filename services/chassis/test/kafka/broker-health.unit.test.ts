import { beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { BrokerHealth } from '../../src/kafka/broker-health.ts';
import { Readiness } from '../../src/process/readiness.ts';

let lines: string[];
let readiness: Readiness;
let health: BrokerHealth;
beforeEach(() => {
  lines = [];
  readiness = new Readiness();
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
  health = new BrokerHealth(['one:9092', 'two:9092'], readiness, log);
});

const refused = (): Error => {
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:9092');
  return new Error('Number of retries exceeded', { cause: new Error('wrapped', { cause }) });
};

describe('trouble with Kafka', () => {
  it('is a sentence with the innermost cause, who waits and what to do', () => {
    health.failing('the relay of order', refused());
    expect(readiness.reasons).toEqual({
      kafka:
        'Kafka at one:9092, two:9092 does not work (connect ECONNREFUSED 127.0.0.1:9092); ' +
        'the relay of order waits and tries again by itself. Is the broker running?',
    });
  });

  it('is logged when it begins and when it ends, not for each attempt', () => {
    for (let attempt = 0; attempt < 5; attempt += 1) health.failing('the relay of order', refused());
    health.working('the relay of order');
    health.working('the relay of order');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('Kafka works again for the relay of order.');
  });

  it('is over only when it is over for everybody', () => {
    health.failing('the relay of order', refused());
    health.failing('the consumer group order', refused());
    health.working('the relay of order');
    expect(readiness.ready).toBe(false);
    health.forget('the consumer group order');
    expect(readiness.ready).toBe(true);
  });

  it('names the remedy for a topic that is not there', () => {
    health.failing('the relay of order', Object.assign(new Error('…'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }));
    expect(readiness.reasons.kafka).toContain("Create the project's topics");
  });
});
