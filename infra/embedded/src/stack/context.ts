import type { Addresses } from '../addresses.ts';
import type { Supervisor } from '../children/supervisor.ts';
import type { PostgresSettings } from '../postgres/server.ts';
import type { Reporter } from '../reporter.ts';
import type { Secrets } from '../secrets.ts';
import type { Settings } from '../settings.ts';

/** What every step of a start works with. */
export interface Context {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly addresses: Addresses;
  readonly supervisor: Supervisor;
  readonly report: Reporter;
  readonly postgres: PostgresSettings;
  /** Whether the console has a database, with its tables. */
  readonly hasConsole: boolean;
}

/** The order in which things stop: the highest first. The console takes the last spans of the services. */
export const stage = { postgres: 0, kafka: 1, registry: 2, connect: 2, sandboxes: 3, console: 3, services: 4 } as const;
