import { speedUpFetches } from './fetch-protocol.ts';
import { speedUpProduceEncoding } from './produce-encoding.ts';
import { calmRequestTimers } from './request-timers.ts';

/** kafkajs 2.2.4 in this process takes less of the processor from here on, and does the same. Safe to call twice. */
export function quickerKafkajs(): void {
  calmRequestTimers();
  speedUpProduceEncoding();
  speedUpFetches();
}
