import { Counter, Gauge } from 'prom-client';
import { metrics } from '../../telemetry/metrics.ts';

/** How the consumer of this process is doing. */
export const kafkaMetrics = {
  consumed: new Counter({
    name: 'troupe_consumer_records_total',
    help: 'Records taken from the broker, redelivered ones included.',
    labelNames: ['topic'],
    registers: [metrics],
  }),
  lag: new Gauge({
    name: 'troupe_consumer_lag_records',
    help: 'Records behind the end of the log when the latest batch of the partition was taken.',
    labelNames: ['topic', 'partition'],
    registers: [metrics],
  }),
  restarts: new Counter({
    name: 'troupe_consumer_restarts_total',
    help: 'Consumers that broke and were replaced.',
    registers: [metrics],
  }),
  outOfRange: new Counter({
    name: 'troupe_consumer_offset_out_of_range_total',
    help: 'Committed offsets that were not in the log: records were deleted before this group had read them.',
    labelNames: ['topic'],
    registers: [metrics],
  }),
  lost: new Counter({
    name: 'troupe_consumer_lost_records_total',
    help: 'Records, at most, that were deleted before this group had read them.',
    labelNames: ['topic'],
    registers: [metrics],
  }),
};
