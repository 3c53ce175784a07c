import { forward, get, id, type Route, text } from '@troupe/chassis';
import { z } from 'zod';
import { perform } from '../../acts/perform.ts';
import { serviceNamed } from '../../asking/service-page.ts';
import { described } from '../described.ts';
import { operator, words } from '../operator.ts';
import {
  type DeadLetterParts,
  deadLetterCauses,
  deadLetterDetail,
  deadLetterPage,
  fullNameOf,
  operatorActs,
} from './lists.ts';
import { latestReplays, replayProgress, startReplay } from './replays.ts';

const name = z.string().max(64);
const filter = z.strictObject({
  status: text(100).optional(),
  topic: text(300).optional(),
  type: text(300).optional(),
  code: text(100).optional(),
  key: text(1_000).optional(),
});
/** What a list is filtered by, as the services take it: only what is there. */
const listQuery = z.object({
  ...filter.shape,
  cursor: text(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** In whose name the console tries what it does not do. */
const REHEARSING = 'console';

const replayBody = z
  .strictObject({
    filter: filter.optional(),
    ids: z.array(id).min(1).max(1_000).optional(),
    reason: words.optional(),
    dryRun: z.boolean().default(false),
    includeQuarantined: z.boolean().default(false),
    ratePerSecond: z.number().int().min(1).max(1_000).optional(),
    operator: operator.optional().describe('A dry run is nobody’s act: it needs none.'),
  })
  .refine(({ dryRun, operator: by }) => dryRun || by !== undefined, {
    path: ['operator'],
    message: 'must be your name: the audit trail of the service has it',
  })
  .refine(({ filter: some, ids }) => (some === undefined) !== (ids === undefined), {
    message: 'must have either ids or a filter',
  });

const texts = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const])),
  );

/** Dead letters of all services, from their own pages. */
export function deadLetterRoutes(parts: DeadLetterParts): readonly Route<never>[] {
  const { services, now, choreography } = parts;
  const named = <Filter extends { readonly type?: string | undefined }>(some: Filter): Filter =>
    some.type === undefined ? some : { ...some, type: fullNameOf(choreography, some.type) };
  return [
    get('/api/dead-letters', {
      summary: 'Why messages were set aside, by cause, in all services',
      response: described('DeadLettersView'),
      handle: async () => ({ status: 200, body: await deadLetterCauses(parts) }),
    }),
    get('/api/dead-letters/:service', {
      summary: 'The dead letters of one service, newest first, each with its saga',
      params: z.object({ service: name }),
      query: listQuery,
      response: described('DeadLetterPage'),
      handle: async ({ params: { service }, query }) => ({
        status: 200,
        body: await deadLetterPage(parts, serviceNamed(services, service), texts(named(query))),
      }),
    }),
    get('/api/replays', {
      summary: 'The latest replays of all services',
      response: described('ReplayView[]'),
      handle: async () => ({ status: 200, body: { items: await latestReplays(services) } }),
    }),
    forward('/api/dead-letters/:service/replays', {
      summary: 'For operators: have dead letters handled again, or only tell what that would come to',
      params: z.object({ service: name }),
      body: replayBody,
      response: described('ReplayView'),
      async handle({
        params: { service },
        body: { operator: by = REHEARSING, filter: some, ...body },
        idempotencyKey,
      }) {
        const selection = { ...body, ...(some !== undefined && { filter: named(some) }) };
        const request = { body: JSON.parse(JSON.stringify(selection)), operator: by, idempotencyKey };
        return { status: 200, body: await startReplay(serviceNamed(services, service), request, now) };
      },
    }),
    get('/api/dead-letters/:service/replays/:id', {
      summary: 'How far a replay is, and what its messages came to',
      params: z.object({ service: name, id }),
      query: z.object({ cursor: text(1_000).optional() }),
      response: described('ReplayView'),
      handle: async ({ params: { service, id: replay }, query: { cursor } }) => ({
        status: 200,
        body: await replayProgress(serviceNamed(services, service), replay, cursor),
      }),
    }),
    get('/api/dead-letters/:service/:id', {
      summary: 'One dead letter, whole: why it is there, its bytes, what waits behind it, its saga',
      params: z.object({ service: name, id }),
      response: described('DeadLetterDetail'),
      handle: async ({ params: { service, id: letter } }) => ({
        status: 200,
        body: await deadLetterDetail(parts, serviceNamed(services, service), letter),
      }),
    }),
    forward('/api/dead-letters/:service/:id/discard', {
      summary: 'For operators: decide that a message never takes effect',
      params: z.object({ service: name, id }),
      body: z.strictObject({ reason: words.optional(), operator }),
      response: described('ActResult'),
      async handle({ params, body: { reason, operator: by }, idempotencyKey }) {
        const asking = { operator: by, reason, idempotencyKey };
        return { status: 200, body: await perform(services, 'discard-dead-letter', params, asking) };
      },
    }),
    get('/api/operator-acts', {
      summary: 'Who did what, in all services, the latest first',
      query: z.object({
        target: text(200).optional(),
        act: text(100).optional(),
        operator: text(64).optional(),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
      response: described('OperatorActView[]'),
      handle: async ({ query }) => {
        const { acts, gaps } = await operatorActs(services, texts(query));
        return { status: 200, body: { items: acts.slice(0, query.limit), gaps } };
      },
    }),
  ];
}
