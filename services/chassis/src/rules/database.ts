/** The part of a Prisma transaction that the runtime's own statements need. */
export interface Sql {
  /** Whether statements sent without waiting take effect in the order in which they were sent: see `together`. */
  readonly pipelines?: boolean;
  /** The last statements were sent in this turn: COMMIT can go with them. When one fails, nothing takes effect. */
  complete?(): void;
  /** Something beside the statements failed: the transaction must not be committed. */
  giveUp?(error: unknown): void;
  $queryRawUnsafe<Rows = unknown>(query: string, ...values: unknown[]): Promise<Rows>;
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
}

/** Makes transactions: all statements of `work` take effect, or none. */
export interface Transactions<Tx extends Sql = Sql> {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Result>;
}

/** The part of a generated Prisma client that the runtime needs. `Tx` is the client inside a transaction. */
export interface Database<Tx extends Sql = Sql> extends Sql, Transactions<Tx> {
  $connect(): Promise<void>;
  $disconnect(): Promise<void>;
}

/** Runs statements none of which needs another's answer, in their order; in one round trip where the transaction can. */
export async function together<Results extends readonly unknown[]>(
  tx: Sql,
  statements: { readonly [At in keyof Results]: () => Promise<Results[At]> | Results[At] },
): Promise<Results> {
  if (tx.pipelines) {
    const sent = statements.map((send) => send());
    for (const result of sent) if (result instanceof Promise) result.catch((error: unknown) => tx.giveUp?.(error));
    return Promise.all(sent) as unknown as Promise<Results>;
  }
  const results: unknown[] = [];
  for (const send of statements) results.push(await send());
  return results as unknown as Results;
}
