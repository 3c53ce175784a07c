import type { Answer } from '../incoming/answer.ts';
import type { IdempotencyClaim } from '../incoming/commands.ts';
import type { Database, Sql } from '../rules/database.ts';
import type { OperatorAct } from '../rules/operator-act.ts';
import { keepAnswers, keptAnswer, keyInUse, tryClaim } from '../tables/idempotency.ts';
import { recordActs } from '../tables/operator-acts.ts';

export interface ActResult {
  readonly answer: Answer;
  /** What was done to what, for the audit trail. */
  readonly acts: readonly Omit<OperatorAct, 'operator'>[];
  /** Told when everything is committed; must not throw. Not called again for an answer that was kept. */
  committed?(): void;
}

export interface ActBus {
  /**
   * Runs `work` in a transaction. Its rows of the audit trail and the answer kept for the key are committed with it, or
   * nothing.
   * @throws DomainError when a rule refused it; 422 IDEMPOTENCY_KEY_REUSED for another request with its key; 409
   *   IDEMPOTENCY_KEY_IN_USE while the same key is being handled, in any process. What the database threw otherwise.
   */
  perform(operator: string, work: (tx: Sql) => Promise<ActResult>, claim?: IdempotencyClaim): Promise<Answer>;
}

/** Below the bound in which a client must have its answer. */
const TRANSACTION = { maxWait: 5_000, timeout: 20_000 };

export function actsOn(database: Database): ActBus {
  return {
    async perform(operator, work, claim) {
      const { answer, committed } = await database.$transaction(async (tx) => {
        if (claim !== undefined && !(await tryClaim(tx, claim))) throw keyInUse();
        const kept = claim && (await keptAnswer(tx, claim));
        if (kept !== undefined) return { answer: kept };
        const { answer, acts, committed } = await work(tx);
        const signed = acts.map((act) => ({ ...act, operator }));
        if (acts.length > 0) await recordActs(tx, signed);
        if (claim !== undefined) await keepAnswers(tx, [{ claim, answer }]);
        return { answer, committed };
      }, TRANSACTION);
      committed?.();
      return answer;
    },
  };
}

export const NO_ACTS: ActBus = {
  perform: () => Promise.reject(new Error('An app whose routes are acts needs an ActBus.')),
};
