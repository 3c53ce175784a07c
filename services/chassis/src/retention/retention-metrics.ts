import { Counter } from 'prom-client';
import { metrics } from '../telemetry/metrics.ts';

/** What became too old. */
export const retentionMetrics = {
  pruned: new Counter({
    name: 'troupe_retention_pruned_rows_total',
    help: 'Rows that were deleted because of their age.',
    labelNames: ['table'],
    registers: [metrics],
  }),
};
