import { counter, level } from '../../telemetry/metrics.ts';

export const consumerMetrics = {
  consumed: counter({
    name: 'troupe_consumer_records_total',
    help: 'Records taken from the broker, redelivered ones included.',
    labels: ['topic'],
  }),
  lag: level({
    name: 'troupe_consumer_lag_records',
    help: 'Records behind the end of the log when the latest batch of the partition was taken.',
    labels: ['topic', 'partition'],
  }),
  restarts: counter({ name: 'troupe_consumer_restarts_total', help: 'Consumers that broke and were replaced.' }),
  outOfRange: counter({
    name: 'troupe_consumer_offset_out_of_range_total',
    help: 'Committed offsets that were not in the log: records were deleted before this group had read them.',
    labels: ['topic'],
  }),
  lost: counter({
    name: 'troupe_consumer_lost_records_total',
    help: 'Records, at most, that were deleted before this group had read them.',
    labels: ['topic'],
  }),
};
