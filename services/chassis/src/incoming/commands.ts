import type { Command } from '../rules/messages.ts';
import type { Answer, CommandResult } from './answer.ts';

/** A client's wish that this request takes effect once, however often it is sent. */
export interface IdempotencyClaim {
  /** Who and where: the actor, method and path. The same key of another actor is another key. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 over the canonical body. */
  readonly requestHash: Buffer;
}

/** Takes a command into the next batch and answers when its transaction is committed. */
export interface CommandBus<State> {
  /**
   * @param answer pure; runs inside the transaction, so that its result can be kept beside the idempotency key.
   * @throws DomainError when a rule rejected it; when its key was used with another request
   *   (422 IDEMPOTENCY_KEY_REUSED); when the same key is still being handled (409 IDEMPOTENCY_KEY_IN_USE).
   * @throws Retryable when the database is away, or nobody waits for the answer any more: the client may try again (503).
   */
  execute(
    command: Command,
    answer: (result: CommandResult<State>) => Answer,
    claim?: IdempotencyClaim,
  ): Promise<Answer>;
}

/**
 * What was answered to a key before, for a request that is refused before it becomes a command; undefined for a new key.
 * @throws DomainError 422 IDEMPOTENCY_KEY_REUSED when the key was used with another request.
 */
export type KeptAnswers = (claim: IdempotencyClaim) => Promise<Answer | undefined>;
