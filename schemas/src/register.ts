import type { AnyEventType } from './event-type.ts';
import { events as allEvents } from './generated/events.ts';
import { type RegistryClient, type RegistryOptions, registryClient } from './registry-client.ts';

export interface RegisterOptions extends RegistryOptions {
  /** Default: every event of the system. */
  readonly events?: readonly AnyEventType[];
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
 * The deploy step: sets FULL_TRANSITIVE on each subject and registers this version's schemas. Run it before the
 * services of this version start. Idempotent, and safe beside running services. Throws IncompatibleSchemas, or
 * RegistryUnavailable.
 */
export async function registerSchemas({
  events = allEvents,
  ...registry
}: RegisterOptions): Promise<readonly Registration[]> {
  const client = registryClient(registry);
  const registrations = await Promise.all(events.map((event) => registerOne(client, event)));
  if (registrations.some(({ outcome }) => outcome === 'incompatible')) throw new IncompatibleSchemas(registrations);
  return registrations;
}

async function registerOne(client: RegistryClient, { subject, schema }: AnyEventType): Promise<Registration> {
  await client.setCompatibility(subject, 'FULL_TRANSITIVE');
  const known = await client.idOf(subject, schema);
  if (known !== undefined) return { subject, outcome: 'unchanged', schemaId: known };
  const answer = await client.register(subject, schema);
  return 'id' in answer
    ? { subject, outcome: 'registered', schemaId: answer.id }
    : { subject, outcome: 'incompatible', explanation: answer.incompatible };
}

const refusals = (registrations: readonly Registration[]): string[] =>
  registrations.flatMap((registration) =>
    registration.outcome === 'incompatible'
      ? [`${registration.subject}: ${registration.explanation} Give a new field a default, and keep what exists.`]
      : [],
  );
