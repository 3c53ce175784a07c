import { Counter, Histogram } from 'prom-client';
import { metrics } from '../telemetry/metrics.ts';

/** How the one writer of this process is doing. */
export const batchLoopMetrics = {
  messages: new Counter({
    name: 'troupe_messages_total',
    help: 'Messages settled, by kind, name and outcome.',
    labelNames: ['kind', 'type', 'outcome'],
    registers: [metrics],
  }),
  batches: new Histogram({
    name: 'troupe_batch_messages',
    help: 'Messages that shared a transaction.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [metrics],
  }),
  transactions: new Histogram({
    name: 'troupe_transaction_seconds',
    help: 'From the begin of a batch to its commit.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers: [metrics],
  }),
};
