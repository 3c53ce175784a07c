import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The password of PostgreSQL's superuser and of each login role, made at the first start. */
export interface Secrets {
  readonly superuser: string;
  readonly roles: Readonly<Record<string, string>>;
}

/**
 * The passwords of a data folder, in `secrets.json` there, which only its owner can read. Roles that have none yet get
 * one. The file is whole before it is used, also when a start is cut short.
 */
export function secretsOf(dataDir: string, roles: readonly string[]): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  const kept: Secrets = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { superuser: password(), roles: {} };
  if (existsSync(file) && roles.every((role) => kept.roles[role] !== undefined)) return kept;
  const added = Object.fromEntries(roles.map((role) => [role, kept.roles[role] ?? password()]));
  const secrets = { superuser: kept.superuser, roles: { ...kept.roles, ...added } };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** 192 random bits, of letters that need no escaping in a URL. */
function password(): string {
  return randomBytes(24).toString('base64url');
}
