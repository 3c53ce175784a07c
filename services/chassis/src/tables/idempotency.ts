import type { Answer } from '../incoming/answer.ts';
import type { IdempotencyClaim } from '../incoming/commands.ts';
import type { Outcome } from '../incoming/incoming.ts';
import { byKey } from '../postgres/by-key.ts';
import type { Sql } from '../rules/database.ts';
import { DomainError } from '../rules/failure.ts';

/** What was answered to a key before. */
export interface KeptAnswer {
  readonly requestHash: Buffer;
  readonly answer: Answer;
}

/** Names one client's one key. */
export const claimName = (claim: IdempotencyClaim): string => `${claim.scope} ${claim.key}`;

/** The answers already given to the keys of a batch, by `claimName`. One statement. */
export async function findAnswers(
  tx: Sql,
  claims: readonly IdempotencyClaim[],
): Promise<ReadonlyMap<string, KeptAnswer>> {
  const rows = await tx.$queryRawUnsafe<(Answer & Record<'scope' | 'key' | 'hash', string>)[]>(
    `SELECT k.scope, k.key, encode(k.request_hash, 'hex') AS hash, k.status, k.headers, k.body
     FROM chassis.idempotency_key k JOIN unnest($1::text[], $2::text[]) AS c(scope, key)
       ON ${byKey('k.scope', 'c.scope')} AND ${byKey('k.key', 'c.key')}`,
    claims.map((claim) => claim.scope),
    claims.map((claim) => claim.key),
  );
  return new Map(
    rows.map(({ scope, key, hash, ...answer }) => {
      return [`${scope} ${key}`, { requestHash: Buffer.from(hash, 'hex'), answer }];
    }),
  );
}

/** What a key that was used before comes to: the same answer for the same request, a refusal for another one. */
export function replayed(kept: KeptAnswer, claim: IdempotencyClaim): Outcome {
  if (!kept.requestHash.equals(claim.requestHash)) return { kind: 'refused', error: keyReused() };
  const headers = { ...kept.answer.headers, 'Idempotency-Replayed': 'true' };
  return { kind: 'answered', answer: { ...kept.answer, headers }, replayed: true };
}

/** `KeptAnswers` of a database. One statement. */
export async function keptAnswer(db: Sql, claim: IdempotencyClaim): Promise<Answer | undefined> {
  const kept = (await findAnswers(db, [claim])).get(claimName(claim));
  const outcome = kept && replayed(kept, claim);
  if (outcome?.kind === 'refused') throw outcome.error;
  return outcome?.kind === 'answered' ? outcome.answer : undefined;
}

/** draft-ietf-httpapi-idempotency-key-header, section 2.7: reuse with another payload. */
function keyReused(): DomainError {
  return new DomainError({
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
    title: 'The idempotency key was used for another request',
    detail: 'Send the request that the key was first used for, or use a new key for this one.',
    faults: [{ field: 'header Idempotency-Key', message: 'was first used with another body' }],
  });
}

/** draft-ietf-httpapi-idempotency-key-header, section 2.7: the first request is still being handled. */
export function keyInUse(): DomainError {
  return new DomainError({
    code: 'IDEMPOTENCY_KEY_IN_USE',
    status: 409,
    title: 'A request with this idempotency key is being handled',
    detail: 'Wait for the answer of the first request, or send this one again in a second.',
    faults: [{ field: 'header Idempotency-Key', message: 'is in use by a request that has not been answered yet' }],
  });
}

/** Takes a key until the transaction ends; false when another transaction has it. One statement. */
export async function tryClaim(tx: Sql, claim: IdempotencyClaim): Promise<boolean> {
  const [row] = await tx.$queryRawUnsafe<{ free: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free',
    claimName(claim),
  );
  return row?.free === true;
}

/** Keeps answers in the transaction of their effect. One statement. */
export async function keepAnswers(
  tx: Sql,
  answers: readonly { readonly claim: IdempotencyClaim; readonly answer: Answer }[],
): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO chassis.idempotency_key (scope, key, request_hash, status, headers, body)
     SELECT scope, key, decode(hash, 'hex'), status, headers::jsonb, body::json
     FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[])
       AS a(scope, key, hash, status, headers, body)`,
    answers.map(({ claim }) => claim.scope),
    answers.map(({ claim }) => claim.key),
    answers.map(({ claim }) => claim.requestHash.toString('hex')),
    answers.map(({ answer }) => answer.status),
    answers.map(({ answer }) => JSON.stringify(answer.headers ?? {})),
    answers.map(({ answer }) => JSON.stringify(answer.body)),
  );
}
