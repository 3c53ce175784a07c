import { RegistryUnavailable } from '@troupe/schemas';
import { z } from 'zod';
import { pagesOf } from '../../http/input/cursor.ts';
import { id } from '../../http/input/id.ts';
import { bounded } from '../../http/input/text.ts';
import { get, type Route } from '../../http/route.ts';
import { unpacked } from '../../tables/dead-letters/header-bytes.ts';
import {
  causes,
  findDeadLetter,
  DEAD_LETTER_STATUSES,
  LONGEST_KEY,
  pageOfDeadLetters,
  parkedBehind,
  type WholeDeadLetter,
} from '../../tables/dead-letters/queries.ts';
import { replaysOfDeadLetter } from '../../tables/dead-letters/replays.ts';
import { pageOfActs } from '../../tables/operator-acts.ts';
import type { OperatorParts } from './parts.ts';
import { deadLetterUnknown } from './problems.ts';
import {
  actView,
  causeView,
  iso,
  deadLetterView,
  pageView,
  replayedView,
  viewOfAct,
  viewOfCause,
  viewOfDeadLetter,
} from './views.ts';

const pages = pagesOf('dead-letters', (key) => /^\d{1,18}$/.test(key));
const CAUSES = 100;
/** Of what belongs to one dead letter: more is told by count, and by the lists. */
const SHOWN = 50;

export const deadLetterRoutes = (parts: OperatorParts): readonly Route<never>[] => [
  listDeadLetters(parts),
  listCauses(parts),
  showDeadLetter(parts),
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
      return { status: 200, body: { items: items.map(viewOfDeadLetter), nextCursor } };
    },
  });
}

function listCauses({ database }: OperatorParts): Route<never> {
  return get('/dead-letters/causes', {
    summary: `Why messages could not be handled: dead letters by topic, type and error, the most frequent first, at most ${CAUSES}`,
    response: z.object({ items: z.array(causeView), causes: z.number().int().describe('How many there are.') }),
    async handle() {
      const rows = await causes(database, CAUSES);
      return { status: 200, body: { items: rows.map(viewOfCause), causes: rows[0]?.causes ?? 0 } };
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
      const row = await findDeadLetter(database, id);
      if (row === undefined) throw deadLetterUnknown(id);
      const [parked, replays, decoded] = await Promise.all([
        row.parked === 0 ? [] : parkedBehind(database, id, SHOWN),
        replaysOfDeadLetter(database, id, SHOWN),
        decodedOf(row, codec),
      ]);
      const targets = [id, ...replays.map(({ replay_id }) => replay_id)];
      const acts = await pageOfActs(database, { targets, limit: SHOWN });
      const body = {
        ...viewOfDeadLetter(row),
        recordTime: row.record_time.toISOString(),
        recordTimestamp: row.record_timestamp,
        headers: row.headers,
        headersBase64: headersOf(row),
        keyBase64: row.key_base64,
        valueBase64: row.value_base64,
        keySha256: row.key_sha256,
        valueSha256: row.value_sha256,
        ...decoded,
        parked: parked.map(viewOfDeadLetter),
        inReplays: replays.map((replay) => ({
          replayId: replay.replay_id,
          operator: replay.created_by,
          outcome: replay.outcome ?? 'waiting',
          reason: replay.outcome_reason,
          doneAt: iso(replay.done_at),
        })),
        acts: acts.map(viewOfAct),
      };
      return { status: 200, body };
    },
  });
}

function headersOf({ header_bytes: bytes }: WholeDeadLetter) {
  if (bytes === null) return null;
  // What Prisma reads as bytes is not a Buffer.
  return unpacked(Buffer.from(bytes)).map(({ name, value }) => ({
    name: name.toString('base64'),
    value: value?.toString('base64') ?? null,
  }));
}

/** What is in the bytes, or why that cannot be told: a person who looks must not be kept waiting by the registry. */
async function decodedOf({ value_base64, reduced_because }: WholeDeadLetter, codec: OperatorParts['codec']) {
  if (reduced_because !== null) return { decoded: null, notDecoded: 'The record could not be kept whole.' };
  if (value_base64 === null) return { decoded: null, notDecoded: 'The record has no value.' };
  const value = Buffer.from(value_base64, 'base64');
  try {
    await codec.learn([value]);
    const { type, data } = codec.decode(value);
    return { decoded: { type: type.fullName, data } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const away = error instanceof RegistryUnavailable ? 'The schema registry does not answer: ' : '';
    return { decoded: null, notDecoded: `${away}${reason}` };
  }
}
