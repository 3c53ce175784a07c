import { addDeadLetters, findOpen, findReleasable, openDeadLetters, settle } from './dead-letters/dead-letters.ts';
import { publishDeadLetters } from './dead-letters/outbox.ts';
import { findAnswers, keepAnswers } from './idempotency.ts';
import { forget, receive, recordIgnored } from './inbox.ts';
import { lockKeys } from './key-locks.ts';
import { recordActs } from './operator-acts.ts';
import { append } from './outbox.ts';
import { claim, release, remove, schedule, stillPending } from './tasks.ts';

/** In PostgreSQL: each statement is described where it is. */
export const sqlStore = {
  lockKeys,
  receive,
  recordIgnored,
  forget,
  append,
  stillPending,
  remove,
  schedule,
  claim,
  release,
  openDeadLetters,
  addDeadLetters,
  settle,
  publishDeadLetters,
  findOpen,
  findReleasable,
  findAnswers,
  keepAnswers,
  recordActs,
};

/** What the runtime keeps in the database of a service. One contract suite runs against this and the simulation's. */
export type Store = typeof sqlStore;
