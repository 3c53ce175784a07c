import { get, moment, pagesOf, type Route, type Sql, text } from '@troupe/chassis';
import { z } from 'zod';
import type { RecordPage } from '../contract/topics.ts';
import { findRecords, type RecordOrder } from '../store/records.ts';
import { described } from './described.ts';

const PLACE = /^(-?\d{1,15}) (\d{1,9}) (\d{1,19}) ([A-Za-z0-9._-]{1,249})$/;
const pages = pagesOf('console-records', (key) => PLACE.test(key), { usually: 50, most: 200 });
const keyOf = ({ publishedAt, partition, offset, topic }: RecordOrder): string =>
  `${publishedAt} ${partition} ${offset} ${topic}`;

function placeOf(key: string): RecordOrder | undefined {
  const [, publishedAt, partition, offset, topic] = PLACE.exec(key) ?? [];
  if (offset === undefined || topic === undefined) return undefined;
  return { publishedAt: Number(publishedAt), partition: Number(partition), offset, topic };
}

const header = z
  .string()
  .max(2_000)
  .transform((said, context) => {
    const [, name, value] = /^([^=]{1,200})=(.*)$/s.exec(said) ?? [];
    if (name !== undefined && value !== undefined) return { name, value };
    context.addIssue({
      code: 'custom',
      message: 'must be a name and a value with = between them, such as ce_type=order.Placed',
    });
    return z.NEVER;
  });

const topics = text(2_000).transform((said) => said.split(',').filter((topic) => topic !== ''));
const at = moment.transform((said) => Date.parse(said));

/** `GET /api/records`: what stands in the topics, newest first. A page may be short, and even empty, before the last. */
export const recordsRoute = (sql: Sql): Route<never> =>
  get('/api/records', {
    summary: 'Records of the topics, decoded, newest first; a page with a cursor may be short',
    query: z.object({
      topic: topics.optional(),
      key: text(1_000).optional(),
      type: text(200).optional(),
      header: header.optional(),
      q: text(200).optional(),
      partition: z.coerce.number().int().min(0).max(1_000_000).optional(),
      from: at.optional(),
      until: at.optional(),
      ...pages.query,
    }),
    response: described('RecordPage'),
    async handle({ query: { topic, limit, cursor, ...filter } }) {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      const { records, next } = await findRecords(sql, { ...filter, topics: topic }, { after, limit });
      const body: RecordPage = { items: records, nextCursor: next === undefined ? null : pages.cursorOf(keyOf(next)) };
      return { status: 200, body };
    },
  });
