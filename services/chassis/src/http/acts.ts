import type { Answer } from '../incoming/answer.ts';
import type { IdempotencyClaim } from '../incoming/commands.ts';
import type { Database, Sql } from '../rules/database.ts';
import type { OperatorAct } from '../rules/operator-act.ts';
import { keepAnswers, keptAnswer, keyInUse, tryClaim } from '../tables/idempotency.ts';
import { recordActs } from '../tables/operator-acts.ts';

/** What an act came to. */
export interface ActResult {
  readonly answer: Answer;
  /** What was done to what, for the audit trail. */
  readonly acts: readonly Omit<OperatorAct, 'operator'>[];
  /** Told when everything is committed; must not throw. Not called again for an answer that was kept. */
  committed?(): void;
}

/** Carries out what operators do by hand. */
export interface ActBus {
  /**
   * Runs `work` in a transaction of its own and adds its rows of the audit trail and the answer kept for the key: all are
   * committed, or none.
   *
   * @throws DomainError when a rule refused it; when its key was used with another request (422
   *   IDEMPOTENCY_KEY_REUSED); when the same key is still being handled, in any process (409 IDEMPOTENCY_KEY_IN_USE).
   *   What the database threw otherwise.
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
        if (acts.length > 0) {
          await recordActs(
            tx,
            acts.map((act) => ({ ...act, operator })),
          );
        }
        if (claim !== undefined) await keepAnswers(tx, [{ claim, answer }]);
        return { answer, committed };
      }, TRANSACTION);
      committed?.();
      return answer;
    },
  };
}

/** For an app without acts. */
export const NO_ACTS: ActBus = {
  perform: () => Promise.reject(new Error('An app whose routes are acts needs an ActBus.')),
};
