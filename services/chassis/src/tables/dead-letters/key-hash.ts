import { hash } from 'node:crypto';

export interface TopicKey {
  readonly topic: string;
  readonly keyHash: string;
}

/** Stands for a key, of any length. Undefined without one: such a record has no order. */
export function keyHash(key: Buffer | null): string | undefined {
  return key === null ? undefined : hash('sha256', key, 'hex');
}

// SQL of what the index of open dead letters is made of. Written like this, a lookup by topic and key can use that index and no other,
// whatever PostgreSQL took the table to hold when it planned the statement.

/** The hash of a dead letter's key. Of one that was kept reduced, the hash is all there is. */
export const keyHashOf = (deadLetter: string): string => `coalesce(${deadLetter}.key_hash, sha256(${deadLetter}.key))`;
export const topicOf = (deadLetter: string): string => `(${deadLetter}.topic || '')`;
export const isOpen = (deadLetter: string): string => `coalesce(${deadLetter}.settled_at, 'infinity') = 'infinity'`;
/** Whether an open dead letter has the topic and key of another. */
export const isOpenOfSameKey = (open: string, other: string): string =>
  `${isOpen(open)} AND ${topicOf(open)} = ${other}.topic AND ${keyHashOf(open)} = ${keyHashOf(other)}`;
