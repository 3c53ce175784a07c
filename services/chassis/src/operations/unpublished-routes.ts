import { z } from 'zod';
import { pagesOf } from '../http/input/cursor.ts';
import { id } from '../http/input/id.ts';
import { text } from '../http/input/text.ts';
import { act, get, type Route } from '../http/route.ts';
import type { Sql } from '../rules/database.ts';
import { DomainError } from '../rules/failure.ts';
import { isId } from '../rules/id-spelling.ts';
import { findUnpublished, pageOfUnpublished, type UnpublishedRow, want } from '../tables/unpublished.ts';

const pages = pagesOf('unpublished', isId);

const unpublishedView = z.object({
  id: z.uuid().describe('Of the row: of an event its id.'),
  kind: z.enum(['EVENT', 'DEAD_LETTER']),
  topic: z.string(),
  key: z.string().nullable().describe('Its first 1000 characters.'),
  error: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .describe('What the broker said, the last time.'),
  attempts: z.number().int(),
  waiting: z.number().int().describe('Later events of its key, which wait behind it.'),
  setAsideAt: z.iso.datetime(),
  wanted: z
    .enum(['RETRY', 'DISCARD'])
    .nullable()
    .describe('What an operator has asked for and the relay has not done yet.'),
});

/** What the broker refused for good: to look at, to try again, to let go. */
export const unpublishedRoutes = (database: Sql): readonly Route<never>[] => [
  list(database),
  decide('retry', 'Publish a record that the broker refused, and what waits behind it: the cause is mended'),
  decide('discard', 'Decide that a record is never published; what waits behind it goes on'),
];

function list(database: Sql): Route<never> {
  return get('/unpublished', {
    summary: 'Records that the broker refused for good, newest first; the relay goes on without them',
    query: z.object(pages.query),
    response: z.object({ items: z.array(unpublishedView), nextCursor: z.string().nullable() }),
    async handle({ query: { limit, cursor: behind } }) {
      const rows = await pageOfUnpublished(database, { behind, limit: limit + 1 });
      const { items, nextCursor } = pages.pageOf(rows, limit, ({ id }) => id);
      return { status: 200, body: { items: items.map(viewOf), nextCursor } };
    },
  });
}

function decide(wanted: 'retry' | 'discard', summary: string): Route<never> {
  return act(`/unpublished/:id/${wanted}`, {
    summary,
    params: z.object({ id }),
    body: z.strictObject({ reason: text(500).describe('Why; whoever asks later reads it.') }),
    response: unpublishedView,
    async act(tx, { params: { id }, body: { reason } }) {
      const row = await findUnpublished(tx, id, true);
      if (row === undefined) throw unknown(id);
      if (row.error_code === null) throw onlyWaits(row);
      await want(tx, id, wanted);
      const { topic, error_code: code, waiting } = row;
      return {
        answer: { status: 202, body: viewOf({ ...row, wanted }) },
        acts: [{ act: `unpublished.${wanted}`, target: id, reason, detail: { topic, code, waiting } }],
      };
    },
  });
}

function viewOf(row: UnpublishedRow): z.input<typeof unpublishedView> {
  const { id, topic, key, attempts, waiting, error_code: code, error_message: message, wanted } = row;
  return {
    id,
    kind: row.outbox === 'outbox' ? 'EVENT' : 'DEAD_LETTER',
    topic,
    key,
    error: code === null ? null : { code, message: message ?? '' },
    attempts,
    waiting,
    setAsideAt: row.set_aside_at.toISOString(),
    wanted: wanted === null ? null : wanted === 'retry' ? 'RETRY' : 'DISCARD',
  };
}

function unknown(id: string): DomainError {
  return new DomainError({
    code: 'UNPUBLISHED_NOT_FOUND',
    status: 404,
    title: 'No such record is set aside',
    detail: `The relay has not set the record ${id} aside, or the broker has it by now; list them at /unpublished.`,
  });
}

function onlyWaits({ id, topic }: UnpublishedRow): DomainError {
  return new DomainError({
    code: 'UNPUBLISHED_WAITS',
    status: 409,
    title: 'The event only waits',
    detail: `The event ${id} waits behind an earlier one of its key that ${topic} refused: decide on that one at /unpublished, and this follows by itself.`,
  });
}
