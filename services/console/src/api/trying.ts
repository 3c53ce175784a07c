import { forward, get, type Route } from '@troupe/chassis';
import { z } from 'zod';
import type { LabView, Placed } from '../contract/work.ts';
import type { Lab } from '../trying/lab.ts';
import { placeOrders } from '../trying/place-orders.ts';
import { TryingProblem } from '../trying/problem.ts';
import { STORIES } from '../trying/stories.ts';
import { described } from './described.ts';

const MOST_AT_ONCE = 200;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

export interface TryingParts {
  readonly orderUrl: string;
  readonly lab: Lab;
  /** The newest saga that is not over. */
  readonly newestOpen: () => string | undefined;
}

/** Stories to be tried, and the lab. */
export function tryingRoutes(parts: TryingParts): readonly Route<never>[] {
  return [listStories(), tellStory(parts), showLab(parts), turnSwitch(parts)];
}

const listStories = (): Route<never> =>
  get('/api/stories', {
    summary: 'Orders that show what a saga does, with the trail that each will draw',
    response: described('StoryView[]'),
    handle: async () => ({ status: 200, body: STORIES }),
  });

const tellStory = ({ orderUrl }: TryingParts): Route<never> =>
  forward('/api/stories/:id', {
    summary: 'Place the order of a story, once or many times, at the order service',
    params: z.object({ id: z.string() }),
    body: z.strictObject({
      orchestrated: z.boolean().default(false),
      count: z.number().int().min(1).max(MOST_AT_ONCE).default(1),
    }),
    response: described('Placed'),
    async handle({ params: { id }, body: { orchestrated, count }, idempotencyKey, traceId }) {
      const story = STORIES.find((known) => known.id === id);
      if (story === undefined) throw noStory(id);
      const orders = {
        orderUrl,
        body: story.body,
        orchestrated,
        count,
        key: (idempotencyKey ?? traceId).slice(0, 200),
      };
      const body: Placed = { orderIds: await placeOrders(orders) };
      return { status: 200, body };
    },
  });

const showLab = ({ lab }: TryingParts): Route<never> =>
  get('/api/lab', {
    summary: 'What can be broken on this stack, and is; `available: false` where npm start did not start it',
    response: described('LabView'),
    handle: async () => ({ status: 200, body: await lab.view() }),
  });

const turnSwitch = ({ lab, newestOpen }: TryingParts): Route<never> =>
  forward('/api/lab/:id', {
    summary: 'Turn a switch of the lab, or send something wrong; `all` turns every switch off',
    params: z.object({ id: z.string().max(100) }),
    body: z.strictObject({ on: z.boolean().optional() }),
    response: described('LabView'),
    async handle({ params: { id }, body: { on }, host }) {
      // A page elsewhere may have made its own name lead here.
      if (!LOOPBACK.test(host)) throw notFromHere(host);
      if (on !== undefined) await lab.turn(id, on);
      const sentence = on === undefined ? await lab.send(id, newestOpen()) : '';
      return { status: 200, body: { ...(await lab.view()), sentence } satisfies LabView & { sentence: string } };
    },
  });

const noStory = (id: string): TryingProblem =>
  new TryingProblem({
    status: 404,
    code: 'STORY_NOT_FOUND',
    title: 'There is no such story',
    detail: `There is no story ${id}; GET /api/stories lists them.`,
  });

const notFromHere = (host: string): TryingProblem =>
  new TryingProblem({
    status: 403,
    code: 'LAB_IS_LOCAL',
    title: 'The lab is used on its own machine',
    detail: `The request asks for ${host}. Open http://localhost and the port of the console instead.`,
  });
