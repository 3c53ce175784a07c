import type { z } from 'zod';
import { ConfigError } from '../configuration/config.ts';
import type { Database, Sql } from '../rules/database.ts';
import type { ServiceDefinition } from './definition.ts';
import { type RunningService, startService } from './service-runner.ts';

/** How long a stop may take before the process ends anyway; what was not finished is repeated by whoever is next. */
const STOP_BOUND_MS = 15_000;

/** Runs a service until SIGTERM or SIGINT, then stops it in order. The whole of a service's `main`. */
export const runService = <Row, State, Tx extends Sql, Db extends Database<Tx>, Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Row, State, Tx, Db, Shape>,
): Promise<void> => runUntilStopped(() => startService(definition));

/** Resolves when it runs. A start that fails ends the process: with 78 when the environment is at fault. */
export async function runUntilStopped(start: () => Promise<RunningService>): Promise<void> {
  try {
    const running = await start();
    const stop = (): void => {
      setTimeout(() => process.exit(1), STOP_BOUND_MS).unref();
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          running.log.error({ err: error }, 'the stop failed');
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof ConfigError ? 78 : 1);
  }
}
