import { z } from 'zod';
import { pagesOf, pageView } from '../http/input/cursor.ts';
import { id, text } from '../http/input/fields.ts';
import { act, get, type Route } from '../http/route.ts';
import type { Sql } from '../rules/database.ts';
import { DomainError } from '../rules/failure.ts';
import { isId } from '../rules/id-spelling.ts';
import { lockUnpublished, pageOfUnpublished, type Unpublished, want } from '../tables/unpublished.ts';

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

export const unpublishedRoutes = (database: Sql): readonly Route<never>[] => [
  list(database),
  decide('retry', 'Publish a record that the broker refused, and what waits behind it: the cause is mended'),
  decide('discard', 'Decide that a record is never published; what waits behind it goes on'),
];

function list(database: Sql): Route<never> {
  return get('/unpublished', {
    summary: 'Records that the broker refused for good, newest first; the relay goes on without them',
    query: z.object(pages.query),
    response: pageView(unpublishedView),
    async handle({ query: { limit, cursor: behind } }) {
      const rows = await pageOfUnpublished(database, { behind, limit: limit + 1 });
      return { status: 200, body: pages.pageOf(rows, limit, ({ id }) => id) };
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
      const row = await lockUnpublished(tx, id);
      if (row === undefined) throw unknown(id);
      const { topic, error, waiting } = row;
      if (error === null) throw onlyWaits(row);
      await want(tx, id, wanted);
      return {
        answer: { status: 202, body: { ...row, wanted: wanted.toUpperCase() } },
        acts: [{ act: `unpublished.${wanted}`, target: id, reason, detail: { topic, code: error.code, waiting } }],
      };
    },
  });
}

function unknown(id: string): DomainError {
  return new DomainError({
    code: 'UNPUBLISHED_NOT_FOUND',
    status: 404,
    title: 'No such record is set aside',
    detail: `The relay has not set the record ${id} aside, or the broker has it by now; list them at /unpublished.`,
  });
}

function onlyWaits({ id, topic }: Unpublished): DomainError {
  return new DomainError({
    code: 'UNPUBLISHED_WAITS',
    status: 409,
    title: 'The event only waits',
    detail: `The event ${id} waits behind an earlier one of its key that ${topic} refused: decide on that one at /unpublished, and this follows by itself.`,
  });
}
