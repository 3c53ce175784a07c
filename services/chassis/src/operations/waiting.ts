import { z } from 'zod';
import { get, type QueryRoute } from '../http/route.ts';
import type { EndedByHand, Port } from '../ports/port.ts';
import type { Sql } from '../rules/database.ts';
import { type ReactionTable, seconds } from '../rules/reactions.ts';
import { type CallKind, countOverdue, MOST, overdueCalls, overdueTimers, parkedKeys } from '../tables/waiting.ts';
import { gauge } from '../telemetry/metrics.ts';
import type { StuckMonitor } from './stuck-monitor.ts';

/** How long the outcome of a call may take when no reaction that starts it says so. */
const OTHERWISE_MS = seconds(30);
/** A timer may be as late as the look for due ones, and a batch loop that is busy. */
const TIMER_GRACE_MS = seconds(10);
const LOOK_MS = seconds(10);

const overdue = gauge({
  name: 'troupe_calls_overdue',
  help: `Calls without an outcome for longer than \`within\` of the reaction that starts them, by call; ${MOST} at most.`,
  label: 'call',
});

/** The calls that a table hears the answers of, in the order of its rows, each with the longest `within` of the reactions that start it. */
export function callKinds<Row, State>({ reactions }: ReactionTable<Row, State>): readonly CallKind[] {
  const calls = reactions.flatMap(({ hears }) => (hears.kind === 'call' ? [hears] : []));
  return calls.map((call) => {
    const allowed = reactions.flatMap(({ starts, within }) => (starts.includes(call) && within ? [within] : []));
    return { name: call.messageName, allowedMs: allowed.length === 0 ? OTHERWISE_MS : Math.max(...allowed) };
  });
}

export function overdueCallsMonitor<Row, State>(database: Sql, table: ReactionTable<Row, State>): StuckMonitor {
  const kinds = callKinds(table);
  return {
    name: 'overdue calls',
    everyMs: LOOK_MS,
    async look() {
      for (const kind of kinds) overdue.set(kind.name, await countOverdue(database, kind, new Date()));
    },
  };
}

const moment = z.iso.datetime();
const count = z.number().int().min(0);
/** @param sagaField what the table's events call the id of their saga */
const waitingView = (sagaField: string) =>
  z.object({
    calls: z
      .array(
        z.object({
          call: z.string(),
          allowedMs: count.describe('How long its outcome may take.'),
          overdue: count.describe(`${MOST} at most.`),
          oldest: z.array(
            z.object({
              [sagaField]: z.string(),
              key: z.string().describe(`Of the call: the ${sagaField}, or what begins with it.`),
              since: moment,
              attempts: count,
              lastError: z.string().nullable(),
              nextAttemptAt: moment,
              isBeingMade: z.boolean().describe('At this moment.'),
            }),
          ),
          lookFirst: z.string().optional().describe('What to look at before such a call is ended by hand.'),
          end: z.string().optional().describe('Where to POST, with the key, to end one by hand.'),
        }),
      )
      .describe(
        'What the outside has not answered in time. Asked again for ever, with the same idempotency key, until it answers or a person ends it.',
      ),
    timers: z
      .array(z.object({ timer: z.string(), [sagaField]: z.string(), dueAt: moment }))
      .describe('What should have gone off.'),
    deadLetters: z
      .array(
        z.object({
          topic: z.string(),
          key: z.string().nullable(),
          dead: count,
          parked: count.describe('Later messages of the key, which wait behind the dead one.'),
          quarantined: count,
          since: moment,
          errorCode: z.string().nullable().describe('Of the first.'),
        }),
      )
      .describe('What was set aside and is not settled, by topic and key.'),
  });

/** What waits in a service, and why. Reads only; each list has at most `limit` lines. Events not yet published: metrics. */
export function waitingRoute<Row, State>(
  database: Sql,
  table: ReactionTable<Row, State>,
  ports: readonly Port<never, unknown>[] = [],
): QueryRoute {
  const remedies = new Map(ports.map(({ call, byHand }) => [call.messageName, remedyOf(call.messageName, byHand)]));
  const kinds = callKinds(table);
  const { sagaField } = table;
  return get('/waiting', {
    summary: 'For operators: what waits in this service, and why: overdue calls and timers, dead letters',
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20).describe('Lines of each list.') }),
    response: waitingView(sagaField),
    async handle({ query: { limit } }) {
      const now = new Date();
      const waitingOf = async (kind: CallKind) => {
        return { ...(await waitingCalls(database, kind, { now, limit, sagaField })), ...remedies.get(kind.name) };
      };
      const calls = await Promise.all(kinds.map(waitingOf));
      const timers = await overdueTimers(database, { now, graceMs: TIMER_GRACE_MS, limit });
      const held = await parkedKeys(database, limit);
      const late = timers.map(({ name, correlationId, dueAt }) => ({ timer: name, [sagaField]: correlationId, dueAt }));
      return { status: 200, body: { calls, timers: late, deadLetters: held } };
    },
  });
}

const remedyOf = (call: string, { lookFirst }: EndedByHand<unknown>) => ({
  lookFirst,
  end: `/waiting/${call}/{key}/end`,
});

interface Page {
  readonly now: Date;
  readonly limit: number;
  readonly sagaField: string;
}

async function waitingCalls(database: Sql, kind: CallKind, page: Page) {
  const oldest = await overdueCalls(database, kind, page);
  return {
    call: kind.name,
    allowedMs: kind.allowedMs,
    overdue: oldest.length < page.limit ? oldest.length : await countOverdue(database, kind, page.now),
    oldest: oldest.map(({ correlationId, ...call }) => ({ [page.sagaField]: correlationId, ...call })),
  };
}
