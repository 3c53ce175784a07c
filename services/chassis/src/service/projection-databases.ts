import { PrismaPg } from '@prisma/adapter-pg';
import { connections } from '../postgres/connections.ts';
import { statementNames } from '../postgres/statement-names.ts';
import { type WorkConnection, workConnection } from '../postgres/work-connection.ts';
import type { Database, Sql } from '../rules/database.ts';

export interface ProjectionDatabases<Db> {
  /** For queries. */
  readonly database: Db;
  /** For batches. */
  readonly transactions: WorkConnection;
  /** When what is under way has ended. */
  close(): Promise<void>;
}

/** Both ways to the database of a service that only reads. @param silenceMs how long a statement may take */
export function projectionDatabases<Tx extends Sql, Db extends Database<Tx>>(
  { database: client }: { database(adapter: PrismaPg): Db },
  databaseUrl: string,
  silenceMs?: number,
): ProjectionDatabases<Db> {
  const pool = connections(databaseUrl, silenceMs);
  const database = client(new PrismaPg(pool, { statementNameGenerator: statementNames() }));
  const transactions = workConnection(pool);
  return {
    database,
    transactions,
    async close() {
      await transactions.close();
      await database.$disconnect();
    },
  };
}
