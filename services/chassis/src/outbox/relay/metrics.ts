import { counter, histogram, level, SECONDS } from '../../telemetry/metrics.ts';
import type { RelayObserver } from './observer.ts';

const published = counter({
  name: 'troupe_relay_records_total',
  help: 'Outbox rows that the broker has, those published again after a crash included.',
  labels: ['topic'],
});
const requests = histogram({
  name: 'troupe_relay_request_records',
  help: 'Outbox rows in one produce request.',
  buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
});
const publishing = histogram({
  name: 'troupe_relay_publish_seconds',
  help: 'From the start of a produce request to the answer of the broker, failed attempts included.',
  buckets: SECONDS,
});
const waiting = level({
  name: 'troupe_relay_waiting_records',
  help: 'Outbox rows in memory when the latest request began.',
});
const lag = level({
  name: 'troupe_relay_lag_bytes',
  help: 'Write-ahead log between what the relay has acknowledged and what is written.',
});
const retained = level({
  name: 'troupe_relay_retained_wal_bytes',
  help: 'Write-ahead log that PostgreSQL keeps for the slot of the relay.',
});
const active = level({
  name: 'troupe_relay_active',
  help: '1 while this process publishes the outbox, 0 while it stands by.',
});
const recoveries = counter({
  name: 'troupe_relay_recoveries_total',
  help: 'Times that the replication slot was found lost, and was made anew.',
});
const republished = counter({
  name: 'troupe_relay_republished_records_total',
  help: 'Outbox rows that were published again because the replication slot was lost.',
});

const refusedRecords = level({
  name: 'troupe_relay_aside_records',
  help: 'Outbox rows that are not published: refused by the broker for good, or waiting behind such a one of their key.',
  labels: ['state'],
});

export const relayMetrics: RelayObserver = {
  sending(records, left) {
    requests.observe(records.length);
    waiting.set(left);
  },
  published(records, ms) {
    publishing.observe(ms / 1_000);
    const counts = new Map<string, number>();
    for (const { topic } of records) counts.set(topic, (counts.get(topic) ?? 0) + 1);
    for (const [topic, count] of counts) published.inc({ topic }, count);
  },
  slot(state) {
    lag.set(state.lagBytes);
    retained.set(state.retainedBytes);
  },
  active(isActive) {
    active.set(isActive ? 1 : 0);
    // Whoever has the turn next tells it.
    if (!isActive) refusedRecords.reset();
  },
  recovering() {
    recoveries.inc();
  },
  republished(records) {
    republished.inc(records);
  },
  refusedRecords(counts) {
    refusedRecords.set({ state: 'refused' }, counts.refused);
    refusedRecords.set({ state: 'waiting' }, counts.waiting);
  },
};
