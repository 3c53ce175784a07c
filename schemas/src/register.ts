import { isDeepStrictEqual } from 'node:util';
import type { AnyEventType } from './event-type.ts';
import { readHistory } from './evolution/history.ts';
import type { Reader, Writer } from './evolution/reading.ts';
import { readersIn, refusalsOf, WATCH } from './evolution/refusals.ts';
import type { SchemaVersion } from './evolution/version.ts';
import { events as allEvents } from './generated/events.ts';
import {
  type RegisteredVersion,
  type RegistryClient,
  type RegistryOptions,
  registryClient,
} from './registry-client.ts';

export interface RegisterOptions extends RegistryOptions {
  /** Default: every event of the system. */
  readonly events?: readonly AnyEventType[];
  /** Who reads them, and what has been released. Default: schemas/history. */
  readonly known?: Known;
}

/** What the deploy step knows beside the registry. */
export interface Known {
  readonly readers: readonly Reader[];
  readonly versions: readonly SchemaVersion[];
}

/** What became of one subject. */
export type Registration =
  | { readonly subject: string; readonly outcome: 'registered' | 'unchanged'; readonly schemaId: number }
  | { readonly subject: string; readonly outcome: 'incompatible'; readonly explanation: string };

/** At least one schema breaks its readers or writers. The compatible ones are registered nevertheless. */
export class IncompatibleSchemas extends Error {
  override readonly name = 'IncompatibleSchemas';
  readonly code = 'INCOMPATIBLE_SCHEMAS';
  /** Of every subject, the good ones included. */
  readonly registrations: readonly Registration[];

  constructor(registrations: readonly Registration[]) {
    super(
      ['Not registered, because older or newer versions could not be read:', ...refusals(registrations)].join('\n  '),
    );
    this.registrations = registrations;
  }
}

/**
 * The deploy step: sets FULL_TRANSITIVE on each subject and registers this version's schemas. Before that, each version that
 * the registry has, and the new one, is held against every service that reads the event. Run it before the services of this
 * version start. Idempotent, and safe beside running services. Throws IncompatibleSchemas, or RegistryUnavailable.
 */
export async function registerSchemas({
  events = allEvents,
  known = knownHere(),
  ...registry
}: RegisterOptions): Promise<readonly Registration[]> {
  return registerWith(registryClient(registry), events, known);
}

/** The same with a client that is there. */
export async function registerWith(
  client: RegistryClient,
  events: readonly AnyEventType[],
  known: Known,
): Promise<readonly Registration[]> {
  const registrations = await Promise.all(events.map((event) => registerOne(client, event, known)));
  if (registrations.some(({ outcome }) => outcome === 'incompatible')) throw new IncompatibleSchemas(registrations);
  return registrations;
}

function knownHere(): Known {
  const history = readHistory();
  return { readers: readersIn(history), versions: history.versions };
}

async function registerOne(client: RegistryClient, event: AnyEventType, known: Known): Promise<Registration> {
  const { subject, schema } = event;
  await client.setCompatibility(subject, 'FULL_TRANSITIVE');
  const refused = refusalsOf(writersOf(event, await client.versionsOf(subject), known), known.readers);
  if (refused.length > 0) {
    return { subject, outcome: 'incompatible', explanation: refused.map(({ sentence }) => sentence).join(' ') };
  }
  const there = await client.idOf(subject, schema);
  if (there !== undefined) return { subject, outcome: 'unchanged', schemaId: there };
  const strictly = await client.register(subject, schema);
  const answer =
    'incompatible' in strictly && isForAll(event, known) ? await registerForReaders(client, event) : strictly;
  if ('id' in answer) return { subject, outcome: 'registered', schemaId: answer.id };
  const remedy = 'Give a new field a default, and keep what exists.';
  return { subject, outcome: 'incompatible', explanation: `${answer.incompatible} ${remedy}` };
}

/**
 * FULL_TRANSITIVE also asks for versions that nobody reads with any more: a field that was ever without a default could never
 * go. Where the history says who reads, and all of them can, older readers are not asked for this one registration. Whoever
 * reads later can still read everything.
 */
async function registerForReaders(client: RegistryClient, { subject, schema }: AnyEventType) {
  await client.setCompatibility(subject, 'BACKWARD_TRANSITIVE');
  try {
    return await client.register(subject, schema);
  } finally {
    await client.setCompatibility(subject, 'FULL_TRANSITIVE');
  }
}

/** A released version of an event that some service reads. That all of them can read it was found before. */
const isForAll = ({ fullName, schema }: AnyEventType, { readers, versions }: Known): boolean =>
  readers.some(({ event, service }) => event === fullName && service !== WATCH) &&
  versions.some(({ event, schema: released }) => event === fullName && isDeepStrictEqual(released, schema));

/** What was written, by the registry, and what will be. */
function writersOf(event: AnyEventType, there: readonly RegisteredVersion[], { versions }: Known): Writer[] {
  const own = versions.filter((one) => one.event === event.fullName);
  const written = there.map(({ version, schema }) => ({ called: `version ${version} of the registry`, text: schema }));
  const ours = { called: 'the version to be registered', text: JSON.stringify(event.schema), key: event.key };
  return [...written, ours].map((writer) => {
    const released = own.find(({ schema }) => isDeepStrictEqual(schema, parsed(writer.text)));
    const nameless = { event: event.fullName, key: undefined, version: undefined, ...writer };
    if (released === undefined) return nameless;
    return { ...nameless, called: `version ${released.version}`, version: released.version, key: released.key };
  });
}

/** A subject may hold what is not Avro: then nothing that was released is equal to it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const refusals = (registrations: readonly Registration[]): string[] =>
  registrations.flatMap((registration) =>
    registration.outcome === 'incompatible' ? [`${registration.subject}: ${registration.explanation}`] : [],
  );
