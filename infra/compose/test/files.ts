import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export const folder = new URL('../', import.meta.url);

export interface Container {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly interval?: string };
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly stop_grace_period?: string;
}

interface ComposeFile {
  readonly include?: readonly string[];
  readonly services?: Readonly<Record<string, Tree>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** A file as Compose reads it when nothing is set: `${NAME:-default}` is its default, `$$` a dollar, `extends` is followed. */
export function composeFile(name: string): Compose {
  const { services = {}, volumes = {} } = read(name);
  const extended = Object.entries(services).map(([service, tree]) => [service, whole(name, tree)]);
  return { services: Object.fromEntries(extended), volumes };
}

/** What `compose.yaml` and all that it includes come to. */
export function wholeCompose(): Compose {
  const files = ['compose.yaml', ...(read('compose.yaml').include ?? [])].map(composeFile);
  return {
    services: Object.assign({}, ...files.map(({ services }) => services)),
    volumes: Object.assign({}, ...files.map(({ volumes }) => volumes)),
  };
}

/** What its containers mount: files beside the compose files, and volumes by name, sorted. */
export function mountsOf({ services }: Compose): {
  readonly files: readonly string[];
  readonly named: readonly string[];
} {
  const sources = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((one) => one.split(':')[0] ?? ''));
  return {
    files: sources.filter((source) => source.startsWith('.')),
    named: sources.filter((source) => !source.startsWith('.')).sort(),
  };
}

function read(name: string): ComposeFile {
  const text = readFileSync(new URL(name, folder), 'utf8');
  return parse(text.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replaceAll('$$', '$')) as ComposeFile;
}

type Tree = { readonly [key: string]: unknown };

function whole(file: string, { extends: from, ...own }: Tree): Tree {
  if (from === undefined) return own;
  const { file: there = file, service } = from as { readonly file?: string; readonly service: string };
  const base = read(there).services?.[service];
  if (base === undefined) throw new Error(`${file} extends ${service} of ${there}, which does not exist.`);
  return merged(whole(there, base), own);
}

/** As Compose does it: maps are merged, lists joined, and of two other values the nearer one counts. */
function merged(base: Tree, own: Tree): Tree {
  const both = Object.entries(own).map(([key, value]) => {
    const inherited = base[key];
    if (Array.isArray(inherited) && Array.isArray(value)) return [key, [...inherited, ...value]];
    return [key, isTree(inherited) && isTree(value) ? merged(inherited, value) : value];
  });
  return { ...base, ...Object.fromEntries(both) };
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
