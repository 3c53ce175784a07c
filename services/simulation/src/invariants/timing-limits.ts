import { LEASE_MS, TASKS_POLL_MS } from '@troupe/chassis/internal';
import { RESTART_MS } from '../system/system-under-test.ts';

/** The longest wait before the chassis tries a batch again. */
const BATCH_BACKOFF_MS = 5_000;

/** The latest that a timer takes effect after its moment without faults: it waits for a poll of the tasks, then for its batch. */
export const TOLERANCE_MS = TASKS_POLL_MS + BATCH_BACKOFF_MS;

/** The longest that faults delay a timer after they have ended: until a dead process is restarted, and its leases have run out. */
export const RECOVERY_MS = RESTART_MS + LEASE_MS;
