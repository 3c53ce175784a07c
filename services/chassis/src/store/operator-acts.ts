import type { Sql } from '../database.ts';
import { uuidv7 } from '../ids.ts';

/** Something that a person did, for the audit trail. */
export interface OperatorAct {
  /** Who, as the request said it. */
  readonly operator: string;
  /** What, for programs: `refund.resolve`, `dead-letters.replay`. */
  readonly act: string;
  /** To what: an order id, the id of a dead letter or a replay. */
  readonly target: string;
  readonly reason?: string | undefined;
  /** JSON. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes acts to the audit trail, in the transaction that carries them out. One statement. */
export async function recordActs(tx: Sql, acts: readonly OperatorAct[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO operator_act (id, operator, act, target, reason, detail)
     SELECT id, operator, act, target, reason, detail::jsonb
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       AS a(id, operator, act, target, reason, detail)`,
    acts.map(() => uuidv7()),
    acts.map(({ operator }) => operator),
    acts.map(({ act }) => act),
    acts.map(({ target }) => target),
    acts.map(({ reason }) => reason ?? null),
    acts.map(({ detail }) => JSON.stringify(detail ?? {})),
  );
}
