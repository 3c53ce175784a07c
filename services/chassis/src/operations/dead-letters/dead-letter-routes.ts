import { type Codec, RegistryUnavailable, UndecodableMessage } from '@troupe/schemas';
import { z } from 'zod';
import type { DeadLetters } from '../../dead-letters/dead-letters.ts';
import { pagesOf, pageView } from '../../http/input/cursor.ts';
import { bounded, id, text } from '../../http/input/fields.ts';
import { act, get, type Route } from '../../http/route.ts';
import type { Database } from '../../rules/database.ts';
import { discard } from '../../tables/dead-letters/discards.ts';
import { unpacked } from '../../tables/dead-letters/header-bytes.ts';
import {
  causes,
  DEAD_LETTER_STATUSES,
  findDeadLetter,
  findWholeDeadLetter,
  type ListedDeadLetter,
  LONGEST_KEY,
  pageOfDeadLetters,
  parkedBehind,
  settledCounts,
  type WholeDeadLetter,
} from '../../tables/dead-letters/queries.ts';
import { candidates, replaysOfDeadLetter } from '../../tables/dead-letters/replays.ts';
import { pageOfActs } from '../../tables/operator-acts.ts';
import { actView } from '../acts-route.ts';
import { deadLetterUnknown, notDiscardable, refused } from './problems.ts';
import { causeView, deadLetterView, replayedView } from './views.ts';

export interface OperatorParts {
  readonly database: Database;
  readonly codec: Pick<Codec, 'learn' | 'decode'>;
  readonly deadLetters: DeadLetters;
  /** Told of a new replay, and when something may have been released. */
  wake(): void;
}

const pages = pagesOf('dead-letters', (key) => /^\d{1,18}$/.test(key));
const CAUSES = 100;
const count = z.number().int();
/** Of what belongs to one dead letter: more is told by count, and by the lists. */
const SHOWN = 50;

export const deadLetterRoutes = (parts: OperatorParts): readonly Route<never>[] => [
  listDeadLetters(parts),
  listCauses(parts),
  showDeadLetter(parts),
  discardDeadLetter(parts),
];

const name = bounded(500).optional();

const statuses = z
  .string()
  .default('DEAD,QUARANTINED')
  .transform((list) => list.split(',').map((status) => status.trim().toUpperCase()))
  .pipe(z.array(z.enum(DEAD_LETTER_STATUSES)))
  .describe(`Any of ${DEAD_LETTER_STATUSES.join(', ')}, separated by commas.`);

function listDeadLetters({ database }: OperatorParts): Route<never> {
  return get('/dead-letters', {
    summary: 'Messages that could not be handled, newest first; by default those that somebody must look after',
    query: z.object({
      ...pages.query,
      status: statuses,
      topic: name,
      type: name,
      code: name,
      key: bounded(LONGEST_KEY, 0).optional(),
    }),
    response: pageView(deadLetterView),
    async handle({ query: { limit, cursor: behind, status, ...filter } }) {
      const rows = await pageOfDeadLetters(database, { ...filter, statuses: status }, { behind, limit: limit + 1 });
      const { items, nextCursor } = pages.pageOf(rows, limit, ({ position }) => position);
      return { status: 200, body: { items: items.map(shown), nextCursor } };
    },
  });
}

function listCauses({ database }: OperatorParts): Route<never> {
  return get('/dead-letters/causes', {
    summary: `Why messages could not be handled: dead letters by topic, type and error, the most frequent first, at most ${CAUSES}`,
    response: z.object({
      items: z.array(causeView),
      causes: count.describe('How many there are.'),
      settled: z.object({ replayed: count, discarded: count }).describe('Of what is kept, the latest.'),
    }),
    async handle() {
      const [found, settled] = await Promise.all([causes(database, CAUSES), settledCounts(database)]);
      const items = found.map(({ causes: _, ...cause }) => cause);
      return { status: 200, body: { items, causes: found[0]?.causes ?? 0, settled } };
    },
  });
}

const decodedView = z
  .object({ type: z.string(), data: z.unknown() })
  .nullable()
  .describe('The event as this process reads it; null when it cannot be read.');

const wholeView = deadLetterView.extend({
  recordTime: z.iso.datetime(),
  recordTimestamp: z.string().nullable().describe('Milliseconds since 1970, when recordTime cannot say them.'),
  headers: z.record(z.string(), z.string()).describe('As they came; nothing in them was checked.'),
  headersBase64: z
    .array(z.object({ name: z.string(), value: z.string().nullable() }))
    .nullable()
    .describe('Every header with all its bytes, when the texts do not tell them.'),
  keyBase64: z.string().nullable(),
  valueBase64: z.string().nullable(),
  keySha256: z.string().nullable(),
  valueSha256: z.string().nullable(),
  decoded: decodedView,
  notDecoded: z.string().optional().describe('Why not.'),
  notDecodedAt: z.number().int().optional().describe('The byte at which decoding ended, where bytes follow it.'),
  parked: z.array(deadLetterView).describe(`What waits behind it, the next one first; at most ${SHOWN}.`),
  inReplays: z.array(
    replayedView
      .pick({ outcome: true, reason: true, doneAt: true })
      .extend({ replayId: z.uuid(), operator: z.string() }),
  ),
  acts: z.array(actView),
});

function showDeadLetter({ database, codec }: OperatorParts): Route<never> {
  return get('/dead-letters/:id', {
    summary: 'One dead letter: its bytes, what is in them, what waits behind it, and what was done about it',
    params: z.object({ id }),
    response: wholeView,
    async handle({ params: { id } }) {
      const found = await findWholeDeadLetter(database, id);
      if (found === undefined) throw deadLetterUnknown(id);
      const { headerBytes, ...deadLetter } = found;
      const [parked, inReplays, decoded] = await Promise.all([
        found.parkedBehind === 0 ? [] : parkedBehind(database, id, SHOWN),
        replaysOfDeadLetter(database, id, SHOWN),
        decodedOf(found, codec),
      ]);
      const targets = [id, ...inReplays.map(({ replayId }) => replayId)];
      const acts = await pageOfActs(database, { targets, limit: SHOWN });
      const headersBase64 = headerBytes && headersOf(headerBytes);
      const more = { headersBase64, ...decoded, parked: parked.map(shown), inReplays, acts };
      return { status: 200, body: { ...shown(deadLetter), ...more } };
    },
  });
}

function discardDeadLetter({ wake }: OperatorParts): Route<never> {
  return act('/dead-letters/:id/discard', {
    summary: 'Decide that a message never takes effect; what waits behind it goes on',
    params: z.object({ id }),
    body: z.strictObject({ reason: text(500).describe('Why; whoever asks later reads it.') }),
    response: deadLetterView,
    async act(tx, { params: { id }, body: { reason }, operator }) {
      const [candidate] = await candidates(tx, [id], true);
      if (candidate === undefined) throw deadLetterUnknown(id);
      const refusal = notDiscardable(candidate);
      if (refusal !== undefined) throw refused(refusal);
      await discard(tx, id, `discarded by ${operator}: ${reason}`);
      const discarded = await findDeadLetter(tx, id);
      if (discarded === undefined) throw deadLetterUnknown(id);
      const { topic, partition, offset, eventType, error } = discarded;
      const detail = { topic, partition, offset, eventType, code: error?.code ?? null };
      return {
        answer: { status: 200, body: shown(discarded) },
        acts: [{ act: 'dead-letters.discard', target: id, reason, detail }],
        committed: wake,
      };
    },
  });
}

/** Its position only orders the list. */
const shown = <Shown extends ListedDeadLetter>({ position: _, ...deadLetter }: Shown) => deadLetter;

const headersOf = (bytes: Buffer) =>
  // What Prisma reads as bytes is not a Buffer.
  unpacked(Buffer.from(bytes)).map(({ name, value }) => ({
    name: name.toString('base64'),
    value: value?.toString('base64') ?? null,
  }));

/** What is in the bytes, or why that cannot be told: a person who looks must not be kept waiting by the registry. */
async function decodedOf({ valueBase64, reducedBecause }: WholeDeadLetter, codec: OperatorParts['codec']) {
  if (reducedBecause !== null) return { decoded: null, notDecoded: 'The record could not be kept whole.' };
  if (valueBase64 === null) return { decoded: null, notDecoded: 'The record has no value.' };
  const value = Buffer.from(valueBase64, 'base64');
  try {
    await codec.learn([value]);
    const { type, data } = codec.decode(value);
    return { decoded: { type: type.fullName, data } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const away = error instanceof RegistryUnavailable ? 'The schema registry does not answer: ' : '';
    const at = error instanceof UndecodableMessage ? error.at : undefined;
    return { decoded: null, notDecoded: `${away}${reason}`, ...(at !== undefined && { notDecodedAt: at }) };
  }
}
