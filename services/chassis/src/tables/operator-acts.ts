import { uuidv7 } from '../process/ids.ts';
import type { Sql } from '../rules/database.ts';
import type { OperatorAct } from '../rules/operator-act.ts';
import type { Page } from './page.ts';

/** Writes acts to the audit trail, in the transaction that carries them out. One statement. */
export async function recordActs(tx: Sql, acts: readonly OperatorAct[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO chassis.operator_act (id, operator, act, target, reason, detail)
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

export interface PageOfActs extends Page {
  /** Any of these; undefined: whatever it was. */
  readonly targets?: readonly string[] | undefined;
  readonly act?: string | undefined;
  readonly operator?: string | undefined;
}

/** The audit trail, newest first: its ids are UUIDv7. One statement. */
export async function pageOfActs(db: Sql, page: PageOfActs): Promise<readonly { readonly id: string }[]> {
  return db.$queryRawUnsafe(
    `SELECT id::text, at, operator, act, target, reason, detail FROM chassis.operator_act
     WHERE ($1::text[] IS NULL OR target = ANY($1)) AND ($2::text IS NULL OR act = $2)
       AND ($3::text IS NULL OR operator = $3) AND ($4::text IS NULL OR id < $4::text::uuid)
     ORDER BY id DESC LIMIT $5`,
    page.targets ?? null,
    page.act ?? null,
    page.operator ?? null,
    page.behind ?? null,
    page.limit,
  );
}
