import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The password of PostgreSQL's superuser and of each login role, made at the first start. */
export interface Secrets {
  /** They were made just now, so no cluster knows them yet. */
  readonly fresh: boolean;
  readonly superuser: string;
  readonly roles: Readonly<Record<string, string>>;
}

/**
 * The passwords of a data folder, in `secrets.json` there, which only its owner can read. Roles that have none yet get
 * one. The file is whole before it is used, also when a start is cut short.
 */
export function secretsOf(dataDir: string, roles: readonly string[]): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  const fresh = !existsSync(file);
  const kept: Kept = fresh ? { superuser: password(), roles: {} } : JSON.parse(readFileSync(file, 'utf8'));
  const missing = roles.filter((role) => kept.roles[role] === undefined);
  if (!fresh && missing.length === 0) return { ...kept, fresh };
  const added = Object.fromEntries(missing.map((role) => [role, password()]));
  const secrets = { superuser: kept.superuser, roles: { ...kept.roles, ...added } };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { ...secrets, fresh };
}

/** The passwords of a data folder as they are; undefined when there are none. */
export function keptSecrets(dataDir: string): Secrets | undefined {
  const file = path.join(dataDir, 'secrets.json');
  return existsSync(file) ? { ...(JSON.parse(readFileSync(file, 'utf8')) as Kept), fresh: false } : undefined;
}

type Kept = Omit<Secrets, 'fresh'>;

/** 192 random bits, of dead letters that need no escaping in a URL. */
function password(): string {
  return randomBytes(24).toString('base64url');
}
