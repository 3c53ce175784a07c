import { z } from 'zod';
import type { Rehearsal } from '../../dead-letters/dead-letters.ts';
import type { ActResult } from '../../http/acts.ts';
import { pagesOf, pageView } from '../../http/input/cursor.ts';
import { id } from '../../http/input/fields.ts';
import { type ActInput, act, get, type Route } from '../../http/route.ts';
import type { Answer } from '../../incoming/answer.ts';
import { uuidv7 } from '../../process/ids.ts';
import type { Sql } from '../../rules/database.ts';
import { isId } from '../../rules/id-spelling.ts';
import {
  candidates,
  findReplay,
  insertReplay,
  type Matching,
  matching,
  pageOfReplayed,
  pageOfReplays,
  type Replay,
  readyDeadLetters,
  takeLocked,
  takeMatching,
} from '../../tables/dead-letters/replays.ts';
import type { OperatorParts } from './dead-letter-routes.ts';
import { nothingMatches, replayUnknown } from './problems.ts';
import { type ReplayBody, replayBody, requireReplayable, selectionOf, shownSelection } from './replay-request.ts';
import { REPLAY_OUTCOMES, replayedView, replayView } from './views.ts';

const replays = pagesOf('replays', isId);
const replayed = pagesOf('replayed', isId);
const params = z.object({ id });

export const replayRoutes = (parts: OperatorParts): readonly Route<never>[] => [
  listReplays(parts),
  createReplay(parts),
  showReplay(parts),
  listReplayed(parts),
];

const count = z.number().int();
const leftOutView = z
  .object({
    beyondLimit: count.describe('More that could be replayed.'),
    quarantined: count,
    replaying: count.describe('In a replay that has not finished.'),
  })
  .describe('What a filter matches and the replay does not take.');

const rehearsalView = z.object({
  dryRun: z.literal(true),
  total: count,
  outcomes: z.record(z.string(), count),
  leftOut: leftOutView,
  items: z.array(
    z.object({ id: z.uuid(), outcome: z.string(), reason: z.string().optional(), code: z.string().optional() }),
  ),
});

type CreateInput = ActInput<unknown, unknown, ReplayBody>;

function createReplay({ database, deadLetters, wake }: OperatorParts): Route<never> {
  return act('/dead-letters/replays', {
    summary: 'Handle dead letters again, through the inbox like everything else; or only tell what that would come to',
    body: replayBody,
    response: z.union([replayView.extend({ leftOut: leftOutView }), rehearsalView]),
    rehearse({ body }: CreateInput) {
      return body.dryRun ? rehearsed(body) : undefined;
    },
    async act(tx, { body, operator }: CreateInput): Promise<ActResult> {
      const id = uuidv7();
      const { reason, ratePerSecond } = body;
      const selection = shownSelection(body);
      await insertReplay(tx, { id, operator, reason, selection, ratePerSecond });
      const { total, leftOut } = await take(tx, id, body);
      const replay = await findReplay(tx, id);
      if (replay === undefined) throw replayUnknown(id);
      const view = linked(replay);
      return {
        answer: { status: 202, headers: { location: view.links.self }, body: { ...view, leftOut } },
        acts: [{ act: 'dead-letters.replay', target: id, reason, detail: { ...selection, total, ratePerSecond } }],
        committed: wake,
      };
    },
  });

  async function rehearsed(body: ReplayBody): Promise<Answer> {
    const { ids, leftOut } = await choose(database, body);
    const items = await deadLetters.rehearse(ids);
    return { status: 200, body: { dryRun: true, total: items.length, outcomes: counted(items), leftOut, items } };
  }
}

const NOTHING_LEFT_OUT = { beyondLimit: 0, quarantined: 0, replaying: 0 };

const leftOutOf = ({ ready, ...others }: Matching, taken: number) => ({
  beyondLimit: Math.max(0, ready - taken),
  ...others,
});

/** The dead letters that a replay would take. @throws DomainError when a dead letter that was named cannot be in it. */
async function choose(db: Sql, body: ReplayBody) {
  const selection = selectionOf(body);
  if ('ids' in selection) {
    requireReplayable(body, await candidates(db, selection.ids, false));
    return { ids: selection.ids, leftOut: NOTHING_LEFT_OUT };
  }
  const ids = await readyDeadLetters(db, selection.filter, selection.limit);
  return { ids, leftOut: leftOutOf(await matching(db, selection.filter), ids.length) };
}

/** Puts the dead letters into the replay. @throws DomainError when one that was named cannot be in it, or there is none. */
async function take(tx: Sql, replayId: string, body: ReplayBody) {
  const selection = selectionOf(body);
  if ('ids' in selection) {
    requireReplayable(body, await candidates(tx, selection.ids, true));
    return { total: await takeLocked(tx, replayId, selection.ids), leftOut: NOTHING_LEFT_OUT };
  }
  const matched = await matching(tx, selection.filter);
  const total = await takeMatching(tx, replayId, selection.filter, selection.limit);
  if (total === 0) throw nothingMatches(matched);
  return { total, leftOut: leftOutOf(matched, total) };
}

function counted(items: readonly Rehearsal[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { outcome } of items) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function linked(replay: Replay) {
  const self = `/dead-letters/replays/${replay.id}`;
  return { ...replay, links: { self, messages: `${self}/messages` } };
}

function listReplays({ database }: OperatorParts): Route<never> {
  return get('/dead-letters/replays', {
    summary: 'Replays and how far they are, newest first',
    query: z.object(replays.query),
    response: pageView(replayView),
    async handle({ query: { limit, cursor } }) {
      const found = await pageOfReplays(database, { behind: cursor, limit: limit + 1 });
      return { status: 200, body: replays.pageOf(found.map(linked), limit, ({ id }) => id) };
    },
  });
}

function showReplay({ database }: OperatorParts): Route<never> {
  return get('/dead-letters/replays/:id', {
    summary: 'One replay: how far it is, and what its messages came to',
    params,
    response: replayView,
    async handle({ params: { id } }) {
      const replay = await findReplay(database, id);
      if (replay === undefined) throw replayUnknown(id);
      return { status: 200, body: linked(replay) };
    },
  });
}

function listReplayed({ database }: OperatorParts): Route<never> {
  return get('/dead-letters/replays/:id/messages', {
    summary: 'The messages of a replay, and what each came to',
    params,
    query: z.object({ ...replayed.query, outcome: z.enum(REPLAY_OUTCOMES).optional() }),
    response: pageView(replayedView),
    async handle({ params: { id }, query: { limit, cursor: behind, outcome } }) {
      const found = await pageOfReplayed(database, id, { outcome, behind, limit: limit + 1 });
      if (found.length === 0 && (await findReplay(database, id)) === undefined) throw replayUnknown(id);
      return { status: 200, body: replayed.pageOf(found, limit, ({ id }) => id) };
    },
  });
}
