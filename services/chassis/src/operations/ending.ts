import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { reason, text } from '../http/input/fields.ts';
import { type CommandRoute, post } from '../http/route.ts';
import type { WithdrawnTask } from '../incoming/pending-task.ts';
import type { Port } from '../ports/port.ts';
import type { Sql } from '../rules/database.ts';
import { DomainError } from '../rules/failure.ts';
import type { Command } from '../rules/messages.ts';
import { type CallAddress, callNotWaiting, type HeldCall, heldUntil, holdCall } from '../tables/ending.ts';

/** How often it is looked whether a call that is being made has come back. */
const LOOK_MS = 100;
/** Longer than an attempt may take; shorter than a client waits for the answer of a command. */
const LONGEST_WAIT_S = 20;

const wait = z.coerce.number().int().min(0).max(LONGEST_WAIT_S).default(0);

/** A key is the id of a saga, or begins with it; of an id there is one spelling. */
const BEGINS_WITH_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
const key = text(200)
  .transform((given) => given.replace(BEGINS_WITH_UUID, (id) => id.toLowerCase()))
  .describe('As GET /waiting shows it.');

const endedView = z.object({
  call: z.string(),
  key: z.string(),
  tookEffect: z.boolean().describe('False: it was settled already, and only its call was left over.'),
  because: z.string().optional().describe('Why it took no effect.'),
});

/** For operators: ends a call that nobody answers, by the rule of its answer. A later answer is a duplicate. */
export function endingRoute<State>(
  database: Sql,
  ports: readonly Port<never, unknown>[],
): readonly CommandRoute<State>[] {
  const byName = new Map(ports.map((port) => [port.call.messageName, port]));
  const [first, ...others] = byName.keys();
  if (first === undefined) return [];
  const route = post<State>()('/waiting/:call/:key/end', {
    summary:
      'For operators: end a call that nobody answers, as if it was refused in your words. GET /waiting says what to look at before: the call may have had its effect',
    params: z.object({ call: z.enum([first, ...others]), key }),
    query: z.object({ wait: wait.describe('For how many seconds to wait while the call is being made.') }),
    body: z.strictObject({
      reason: reason.describe('What is known of it: for the audit trail, and for whoever is told how it ended.'),
    }),
    response: endedView,
    async command({ params, query, body, signal }) {
      const until = AbortSignal.any([signal, AbortSignal.timeout(query.wait * 1_000)]);
      const held = await heldCall(database, params, until);
      const port = byName.get(params.call) as Port<never, unknown>;
      return ending(port, { ...held, name: params.call, key: params.key }, body.reason);
    },
    act: ({ params, body }) => {
      const [sagaId = params.key] = params.key.split('/');
      return { act: 'call.end', target: sagaId, reason: body.reason, detail: { ...params } };
    },
    answer: (result, { params }) => {
      const because = result.kind === 'ignored' ? { because: result.reason } : {};
      return { status: 200, body: { ...params, tookEffect: result.kind === 'decided', ...because } };
    },
  });
  return [route as CommandRoute<State>];
}

/** What is heard when a person ends a call: the same as when it is answered, and whose row goes with it. */
function ending(
  port: Port<never, unknown>,
  { data, attempts, ...task }: HeldCall & WithdrawnTask,
  words: string,
): Command {
  const outcome = port.byHand.outcome(words, { attempts });
  return { kind: 'command', type: task.name, key: task.key, data: { request: data, outcome }, ends: task };
}

/** The call, held so that nobody makes it meanwhile. @throws DomainError 404 CALL_NOT_WAITING, 409 CALL_BEING_MADE */
async function heldCall(database: Sql, { call, key }: CallAddress, until: AbortSignal): Promise<HeldCall> {
  for (;;) {
    const held = await holdCall(database, call, key);
    if (held !== undefined) return held;
    const madeUntil = await heldUntil(database, call, key);
    if (madeUntil === undefined) throw callNotWaiting({ call, key });
    if (until.aborted) throw callBeingMade({ call, key }, madeUntil);
    await sleep(LOOK_MS);
  }
}

/** It may be having its effect just now: whoever ends it then does not know what has happened. */
function callBeingMade({ call, key }: CallAddress, until: Date): DomainError {
  return new DomainError({
    code: 'CALL_BEING_MADE',
    status: 409,
    title: 'The call is being made at this moment',
    detail: `${call} of ${key} is being made, or ended by somebody, until ${until.toISOString()} at the latest: it may be answered. Ask again then, or at once with ?wait=${LONGEST_WAIT_S}.`,
  });
}
