import { LEASE_MS, TASKS_POLL_MS } from '@troupe/chassis/internal';

/** The longest that a batch waits before it is tried again, as in batch loop.ts. */
const LOOP_BACKOFF_MS = 5_000;

/** So late may a timer take effect where nothing is wrong: it waits for a look at the table, and then for its batch. */
export const LATE_MS = TASKS_POLL_MS + LOOP_BACKOFF_MS;

/** The longest that a process which died is not there. */
export const RESTART_MS = 10_000;

/**
 * So long do faults have consequences after they have ended: a process that died is started again, and the timer that it had
 * taken belongs to nobody when its lease has run out.
 */
export const AFTERMATH_MS = RESTART_MS + LEASE_MS;
