/** The part of a Prisma transaction that the runtime's own statements need. */
export interface Sql {
  $queryRawUnsafe<Rows = unknown>(query: string, ...values: unknown[]): Promise<Rows>;
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
}

/** The part of a generated Prisma client that the runtime needs. `Tx` is the client inside a transaction. */
export interface Database<Tx extends Sql = Sql> extends Sql {
  $transaction<Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Result>;
  $connect(): Promise<void>;
  $disconnect(): Promise<void>;
}
