import { type Child, freeze, kill, type Return, type ServiceName, type Stack, serviceNames } from '@troupe/embedded';
import { query } from '../../stack/database.ts';
import type { Dice } from './dice.ts';
import type { Targets } from './targets.ts';

/** What faults are done to. */
export interface Stage {
  readonly stack: Stack;
  readonly targets: Targets;
  readonly dice: Dice;
}

/** A kind of fault. */
export interface Fault {
  readonly name: string;
  /** When it is healed: what others need comes first. */
  readonly heals: 'first' | 'then' | 'last';
  /** The fault has to last this long to be noticed. */
  readonly leastMs?: number;
  /** Does it, and returns what takes it back. */
  strike(stage: Stage): Promise<Return>;
}

/** Longer than the session of a consumer (6 s): its partitions go to another, and it wakes as a zombie. */
const LONGER_THAN_A_SESSION_MS = 8_000;
const passing: Return = async () => undefined;

const part =
  (name: string, how: typeof kill) =>
  ({ stack }: Stage) =>
    how(stack.child(name));
const anyService =
  (how: (child: Child) => Promise<Return>) =>
  ({ targets, dice }: Stage) =>
    how(dice.pick(targets.children));
const anyDatabase = (how: (stage: Stage, service: ServiceName) => Promise<Return>) => (stage: Stage) =>
  how(stage, stage.dice.pick(serviceNames));

export const faults: readonly Fault[] = [
  { name: 'a service is killed', heals: 'last', strike: anyService(kill) },
  {
    name: 'a service dies and is started again at once',
    heals: 'last',
    strike: anyService(async (child) => {
      child.kill();
      return () => child.ready();
    }),
  },
  {
    name: 'a service is frozen for longer than its session',
    heals: 'last',
    leastMs: LONGER_THAN_A_SESSION_MS,
    strike: anyService(freeze),
  },
  { name: 'PostgreSQL is killed', heals: 'first', strike: part('postgres', kill) },
  { name: 'PostgreSQL is frozen', heals: 'first', strike: part('postgres', freeze) },
  { name: 'Kafka is killed', heals: 'first', strike: part('kafka', kill) },
  { name: 'Kafka is frozen', heals: 'first', strike: part('kafka', freeze) },
  { name: 'the registry is killed', heals: 'then', strike: part('registry', kill) },
  { name: 'the payment provider is killed', heals: 'then', strike: part('provider', kill) },
  { name: 'the carrier is frozen', heals: 'then', strike: part('carrier', freeze) },
  { name: 'the mail server is killed', heals: 'then', strike: part('mailbox', kill) },
  {
    name: 'connections to a database are cut',
    heals: 'then',
    strike: anyDatabase(async ({ targets }, service) => {
      targets.databases[service].cutAll();
      return passing;
    }),
  },
  {
    name: 'the answer to a COMMIT is lost',
    heals: 'then',
    strike: async ({ targets }) => {
      for (const database of Object.values(targets.databases)) database.loseNextAnswerToCommit();
      return passing;
    },
  },
  {
    name: 'a database goes silent in the middle',
    heals: 'then',
    strike: anyDatabase(async ({ targets, dice }, service) => {
      targets.databases[service].silenceNext(dice.pick(['COMMIT', 'INSERT', 'BEGIN', 'SELECT']));
      return async () => targets.databases[service].speakAgain();
    }),
  },
  {
    name: 'answers of the provider and the carrier are lost',
    heals: 'then',
    strike: async ({ targets, dice }) => {
      for (const proxy of [targets.provider, targets.carrier]) proxy.loseAnswers(dice.between(3, 15));
      return async () => {
        for (const proxy of [targets.provider, targets.carrier]) proxy.loseAnswers(0);
      };
    },
  },
  {
    name: 'answers to customers are lost',
    heals: 'then',
    strike: async ({ targets, dice }) => {
      targets.door.loseAnswers(dice.between(3, 15));
      return async () => targets.door.loseAnswers(0);
    },
  },
  {
    name: 'the backends of a service are ended',
    heals: 'then',
    strike: anyDatabase(({ stack }, service) =>
      inDatabase(
        stack,
        service,
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()',
      ),
    ),
  },
  {
    name: 'a replication slot is lost',
    heals: 'then',
    strike: anyDatabase(async ({ stack }, service) => {
      const slot = `slot_name = 'troupe_${service}_outbox'`;
      await inDatabase(
        stack,
        service,
        `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE ${slot} AND active`,
      );
      // A relay may have been quicker: then it is not lost this time.
      return inDatabase(
        stack,
        service,
        `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE ${slot} AND NOT active`,
      );
    }),
  },
];

/** Nothing happens when PostgreSQL is away at this moment as well. */
async function inDatabase({ addresses }: Stack, service: ServiceName, sql: string): Promise<Return> {
  const limits = { connectionTimeoutMillis: 1_000, query_timeout: 2_000 };
  await query(addresses.databaseUrl(service), sql, [], limits).catch(() => undefined);
  return passing;
}
