import { hash } from 'node:crypto';

/** A key of a topic, by its hash. */
export interface TopicKey {
  readonly topic: string;
  readonly keyHash: string;
}

/**
 * Stands for a key wherever equal keys are looked for: of one length, whatever its bytes and however many. SHA-256: nobody
 * has two inputs for one value. Undefined without a key: such a record has no order, and waits for nothing.
 */
export function keyHash(key: Buffer | null): string | undefined {
  return key === null ? undefined : hash('sha256', key, 'hex');
}

/** SQL: the hash of a letter's key, as the index of open letters has it. Of one that was kept reduced, the hash is all there is. */
export const keyHashOf = (letter: string): string => `coalesce(${letter}.key_hash, sha256(${letter}.key))`;
