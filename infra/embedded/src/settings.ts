import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from '@troupe/deploy';
import { isServiceName, otherPorts, servicePorts } from '@troupe/services';

export { StartError };

/** The sandboxes of the outside: payment provider, carrier, mail server. */
export const sandboxNames = ['provider', 'carrier', 'mailbox'] as const;
export type SandboxName = (typeof sandboxNames)[number];

/** The relay: each service itself, in one of two ways, or Debezium in a Kafka Connect beside them. */
export const relayNames = ['logical', 'polling', 'debezium'] as const;
export type RelayName = (typeof relayNames)[number];

/** Every port, all on loopback. Each can be changed by the environment variable that `portVariable` names. */
export const defaultPorts = {
  ...servicePorts,
  ...otherPorts,
};
export type PortName = keyof typeof defaultPorts;
export type Ports = Readonly<Record<PortName, number>>;

/** `kafkaController` → `TROUPE_KAFKA_CONTROLLER_PORT`. */
export function portVariable(name: PortName): string {
  return `TROUPE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}_PORT`;
}

/** An environment variable that changes a start. */
export interface Variable {
  readonly name: string;
  readonly is: string;
  /** Its default. */
  readonly otherwise: string;
}

/** Every variable of `settingsFrom`. */
export const settingVariables: readonly Variable[] = [
  ...(Object.keys(defaultPorts) as PortName[]).map((name) => {
    return { name: portVariable(name), is: `port of ${portOwner(name)}`, otherwise: String(defaultPorts[name]) };
  }),
  { name: 'TROUPE_DATA_DIR', is: 'folder of the data', otherwise: '.troupe/data; with --docker .troupe/data-docker' },
  { name: 'TROUPE_CACHE_DIR', is: 'folder of the downloads', otherwise: '~/.cache/troupe' },
  { name: 'XDG_CACHE_HOME', is: 'folder of all caches, without TROUPE_CACHE_DIR', otherwise: '~/.cache' },
];

/** For people. */
function portOwner(name: PortName): string {
  if (isServiceName(name)) return name;
  switch (name) {
    case 'console':
      return 'the console';
    case 'provider':
      return 'the payment provider';
    case 'carrier':
      return 'the carrier';
    case 'smtp':
      return 'the mail server';
    case 'mailbox':
      return 'the mailbox, over HTTP';
    case 'registry':
      return 'the schema registry';
    case 'connect':
      return 'Kafka Connect, with --relay debezium';
    case 'kafka':
      return 'Kafka';
    case 'kafkaController':
      return "Kafka's controller";
    case 'postgres':
      return 'PostgreSQL';
    default:
      return name satisfies never;
  }
}

/** Folders and ports. One value, read once. */
export interface Settings {
  /** The project's folder. */
  readonly home: string;
  /** Databases, Kafka's log, passwords, logs, pid files. `npm run reset` deletes it. */
  readonly dataDir: string;
  /** Downloads, shared by all checkouts of this user. */
  readonly cacheDir: string;
  readonly ports: Ports;
}

/** The project's folder, seen from `infra/embedded/src` as from `infra/embedded/dist`. */
export const projectHome = fileURLToPath(new URL('../../../', import.meta.url)).replace(/[/\\]$/, '');

/**
 * Settings from `TROUPE_DATA_DIR` (default `dataFolder` in the project), `TROUPE_CACHE_DIR` (default `troupe` in
 * `XDG_CACHE_HOME` or `~/.cache`) and the variables of the ports. Throws a StartError with every fault at once.
 */
export function settingsFrom(env: NodeJS.ProcessEnv, dataFolder = '.troupe/data', home = projectHome): Settings {
  const faults: string[] = [];
  const ports = Object.fromEntries(
    Object.entries(defaultPorts).map(([name, port]) => [name, portFrom(env, name as PortName, port, faults)]),
  ) as Ports;
  faults.push(...sharedPorts(ports));
  if (faults.length > 0) throw new StartError(faults);
  return {
    home,
    dataDir: path.resolve(home, env.TROUPE_DATA_DIR || dataFolder),
    cacheDir: path.resolve(
      home,
      env.TROUPE_CACHE_DIR || path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'troupe'),
    ),
    ports,
  };
}

function portFrom(env: NodeJS.ProcessEnv, name: PortName, fallback: number, faults: string[]): number {
  const variable = portVariable(name);
  const text = env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  faults.push(
    `${variable} is ${JSON.stringify(text)}: give a port between 1 and 65535, or leave it out (${fallback}).`,
  );
  return fallback;
}

function sharedPorts(ports: Ports): string[] {
  const names = Object.keys(ports) as PortName[];
  return names.flatMap((name, index) => {
    const other = names.slice(0, index).find((earlier) => ports[earlier] === ports[name]);
    if (other === undefined) return [];
    return [`${portVariable(other)} and ${portVariable(name)} are both ${ports[name]}: give each its own port.`];
  });
}
