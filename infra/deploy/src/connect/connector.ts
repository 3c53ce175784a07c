import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ServiceName } from '@troupe/services';

/** The outbox of one service, and where its records go. */
export interface OutboxSource {
  /** Names the connector. */
  readonly service: string;
  readonly slot: string;
  /** The service's database as this process reaches it, with its own role. */
  readonly databaseUrl: string;
  /** The same server as the worker reaches it, when that is another address. */
  readonly hostFromWorker?: { readonly host: string; readonly port: number };
  /** What the connector is given for the password, `${env:…}`. Default: the password. */
  readonly password?: string;
  readonly topicPrefix: string;
  /** Default: as in the template. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How a connector finds the password of its role: in the environment of the worker. */
export const passwordVariable = (service: ServiceName): string => `TROUPE_${service.toUpperCase()}_PASSWORD`;

export type ConnectorConfig = Readonly<Record<string, string>>;

export const connectorOf = ({ service }: OutboxSource): string => `${service}-outbox`;

/**
 * A failed task stays failed, so that `Keeper` checks the slot before it starts the task again. By itself Debezium would
 * retry and make a missing slot anew, which skips what was written before.
 */
const failOnce = { 'errors.max.retries': '0', 'slot.max.retries': '0' };

/** The connector of an outbox: `infra/debezium/outbox-connector.json`, filled in. */
export function connectorConfig(home: string, source: OutboxSource): ConnectorConfig {
  const text = readFileSync(path.join(home, 'infra/debezium/outbox-connector.json'), 'utf8');
  const { hostname, port, pathname, username, password } = new URL(source.databaseUrl);
  const values: Readonly<Record<string, string>> = {
    host: source.hostFromWorker?.host ?? hostname,
    port: String(source.hostFromWorker?.port ?? port),
    database: pathname.slice(1),
    user: username,
    password: source.password ?? decodeURIComponent(password),
    slot: source.slot,
    prefix: source.topicPrefix,
  };
  const filled = Object.entries(JSON.parse(text) as ConnectorConfig).map(([key, value]) => [
    key,
    value.replace(/(?<!\$)\{(\w+)\}/g, (_, name: string) => values[name] ?? `{${name}}`),
  ]);
  return { ...Object.fromEntries(filled), ...failOnce, ...source.settings };
}
