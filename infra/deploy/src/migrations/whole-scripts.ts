import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { DatabaseError } from 'pg';

/**
 * Prisma's adapter cuts a script at each semicolon, also inside comments, strings and function bodies, and commits each
 * piece alone. This one sends a script whole, as `prisma migrate deploy` does, so it takes effect as a whole or not at all.
 */
export class WholeScripts extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script).catch(rethrow);
    };
    return adapter;
  }
}

function rethrow(error: DatabaseError): never {
  const { code = 'N/A', severity = 'ERROR', message, detail, column, hint } = error;
  throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}
