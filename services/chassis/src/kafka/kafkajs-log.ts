import { type LogEntry, logLevel } from 'kafkajs';
import type { Log } from '../telemetry/log.ts';

/** How long the same line of kafkajs is not repeated as a warning. */
const QUIET_MS = 30_000;
const MAX_REMEMBERED = 100;

/** Told of things that kafkajs says in its log and nowhere else. */
export interface KafkajsListener {
  /** A committed offset is no longer, or not yet, in the log; kafkajs goes on with the earliest record. */
  offsetOutOfRange(topic: string, partition: number): void;
}

/** kafkajs reports each attempt of each retry as an error. `BrokerHealth` reports what matters. */
export function kafkajsLog(log: Log, listener: KafkajsListener): () => (entry: LogEntry) => void {
  const quietUntil = new Map<string, number>();
  const isNews = (line: string): boolean => {
    const now = Date.now();
    if ((quietUntil.get(line) ?? 0) > now) return false;
    if (quietUntil.size >= MAX_REMEMBERED) quietUntil.clear();
    quietUntil.set(line, now + QUIET_MS);
    return true;
  };
  return () =>
    ({ namespace, level, log: { message, timestamp: _, logger: __, stack: ___, ...details } }) => {
      if (message === OUT_OF_RANGE) listener.offsetOutOfRange(details.topic, details.partition);
      const line = `kafkajs ${namespace}: ${message}`;
      if (level === logLevel.ERROR && isNews(line)) log.warn({ kafkajs: details }, line);
      else log.debug({ kafkajs: details }, line);
    };
}

/** Of kafkajs 2.2.4, src/consumer/consumerGroup.js; an integration test holds it to that. */
const OUT_OF_RANGE = 'Offset out of range, resetting to default offset';
