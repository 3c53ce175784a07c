import { setTimeout as sleep } from 'node:timers/promises';
import { type Prisma, PrismaClient } from '@troupe/inventory-database';
import type { DeadLetters, Rehearsal } from '../../src/dead-letters/dead-letters.ts';
import { actsOn } from '../../src/http/acts.ts';
import type { OperatorParts } from '../../src/operations/dead-letters/dead-letter-routes.ts';
import { operatorRoutes } from '../../src/operations/dead-letters/desk.ts';
import { ReplayWorker } from '../../src/operations/dead-letters/replay-worker.ts';
import { uuidv7 } from '../../src/process/ids.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { cloneWithClient } from '../../src/testing/database.ts';
import { openShop, type Shop } from '../http/shop.ts';

/** A dead letter as a test describes it; the rest is made up. */
export interface GivenDeadLetter {
  readonly id?: string;
  readonly status?: string;
  readonly topic?: string;
  readonly type?: string;
  readonly key?: string | null;
  readonly eventId?: string;
  readonly code?: string | null;
  readonly message?: string | null;
  readonly value?: Buffer;
  readonly headers?: Record<string, string>;
  readonly receivedAt?: string;
}

type Outcome = Rehearsal['outcome'];

/** Handles dead letters as it is told to, and writes what they came to as the unit of work does. */
export class ScriptedDeadLetters implements DeadLetters {
  /** What a dead letter comes to. */
  outcomeOf: (id: string) => Outcome = () => 'applied';
  /** Before anything is written. */
  before: (ids: readonly string[]) => Promise<unknown> = async () => undefined;
  readonly replayed: string[] = [];
  readonly batches: { readonly at: number; readonly size: number }[] = [];
  releases = 0;
  readonly #database: PrismaClient;

  constructor(database: PrismaClient) {
    this.#database = database;
  }

  async replay(ids: readonly string[]): Promise<void> {
    this.batches.push({ at: performance.now(), size: ids.length });
    await this.before(ids);
    await this.#database.$executeRawUnsafe(
      `WITH came AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS c(id, outcome)),
       items AS (
         UPDATE chassis.dead_letter_replay_item i SET outcome = c.outcome, done_at = now()
         FROM came c JOIN chassis.dead_letter d ON d.id = c.id AND d.settled_at IS NULL
         WHERE i.letter_id = c.id AND i.replay_id = d.replay_id)
       UPDATE chassis.dead_letter d SET status = CASE c.outcome WHEN 'dead' THEN 'DEAD' ELSE 'HANDLED' END, outcome = c.outcome,
         replays = replays + 1, replay_id = NULL, settled_at = CASE c.outcome WHEN 'dead' THEN NULL ELSE now() END
       FROM came c WHERE d.id = c.id AND d.settled_at IS NULL`,
      ids,
      ids.map((id) => this.outcomeOf(id)),
    );
    this.replayed.push(...ids);
  }

  async rehearse(ids: readonly string[]): Promise<readonly Rehearsal[]> {
    return ids.map((id) => ({ id, outcome: this.outcomeOf(id) }));
  }

  async release(): Promise<number> {
    this.releases += 1;
    return 0;
  }
}

/** What operators have before them: a service's routes over real HTTP, on a real database, with dead letters as scripted. */
export interface Desk {
  readonly url: string;
  readonly shop: Shop;
  readonly deadLetters: ScriptedDeadLetters;
  readonly database: PrismaClient;
  /** The worker that the routes wake. Not started. */
  readonly worker: ReplayWorker;
  /** Another process beside it. */
  another(deadLetters?: DeadLetters): ReplayWorker;
  given(...deadLetters: readonly GivenDeadLetter[]): Promise<readonly string[]>;
  get<Body = Record<string, unknown>>(path: string): Promise<Body>;
  act(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  query<Row>(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

interface DeskOptions {
  readonly codec?: OperatorParts['codec'];
  /** Of the workers. */
  readonly pollMs?: number;
}

export async function openDesk({ codec = UNREADABLE, pollMs = 50 }: DeskOptions = {}): Promise<Desk> {
  const { url, database, drop } = await cloneWithClient<PrismaClient, Prisma.TransactionClient>(
    'inventory',
    (adapter) => new PrismaClient({ adapter }),
  );
  const deadLetters = new ScriptedDeadLetters(database);
  const workers: ReplayWorker[] = [];
  const log = createLog('desk', { logLevel: 'silent' });
  const another = (own: DeadLetters = deadLetters): ReplayWorker => {
    workers.push(new ReplayWorker({ database, deadLetters: own, log, pollMs }));
    return workers.at(-1) as ReplayWorker;
  };
  const worker = another();
  const parts = { database, deadLetters, codec, wake: () => worker.wake() };
  const shop = await openShop({ routes: operatorRoutes(parts), acts: actsOn(database) });
  return {
    url,
    shop,
    deadLetters,
    database,
    worker,
    another,
    given: (...given) => insert(database, given),
    get: async <Body>(path: string) => (await (await shop.fetch(path)).json()) as Body,
    act: (path, body, headers = {}) => shop.post(path, body, { 'x-operator': 'ada', ...headers }),
    query: (sql) => database.$queryRawUnsafe(sql),
    async close() {
      await Promise.race([Promise.all(workers.map((each) => each.stop())), sleep(500, undefined, { ref: false })]);
      await shop.close();
      await drop();
    },
  };
}

const UNREADABLE: OperatorParts['codec'] = {
  learn: async () => undefined,
  decode: () => {
    throw new Error('It is no Avro.');
  },
};

async function insert(database: PrismaClient, given: readonly GivenDeadLetter[]): Promise<readonly string[]> {
  const rows = given.map((deadLetter, n) => ({
    n,
    id: deadLetter.id ?? uuidv7(),
    topic: deadLetter.topic ?? 'order.events',
    event_id: deadLetter.eventId ?? uuidv7(),
    event_type: deadLetter.type ?? 'troupe.order.OrderCreated',
    key: deadLetter.key === undefined ? uuidv7() : deadLetter.key,
    value: (deadLetter.value ?? Buffer.from('value')).toString('base64'),
    headers: deadLetter.headers ?? {},
    status: deadLetter.status ?? 'DEAD',
    code: deadLetter.code === undefined ? (deadLetter.status === 'PARKED' ? null : 'AVRO_BROKEN') : deadLetter.code,
    message: deadLetter.message ?? null,
    received_at: deadLetter.receivedAt ?? new Date().toISOString(),
  }));
  await database.$executeRawUnsafe(
    `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", event_id, event_type, key, key_text, value, headers,
                              record_time, status, error_code, error_message, received_at, settled_at)
     SELECT id, topic, 0, nextval('chassis.dead_letter_position_seq'), event_id, event_type, convert_to(key, 'UTF8'), key, decode(value, 'base64'), headers,
            received_at, status, code, message, received_at,
            CASE WHEN status IN ('HANDLED', 'DISCARDED') THEN received_at END
     FROM json_to_recordset($1::text::json)
       AS d(id uuid, topic text, event_id text, event_type text, key text, value text, headers json,
            status text, code text, message text, received_at timestamptz, n int)
     ORDER BY n`,
    JSON.stringify(rows),
  );
  return rows.map(({ id }) => id);
}
