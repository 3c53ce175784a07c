import { type Route, stream, text } from '@troupe/chassis';
import { z } from 'zod';
import type { Live } from '../live/live.ts';

const CHANNELS_CHARACTERS = 4_000;

/** `GET /api/live?channels=…`: see src/contract/live.ts. */
export const liveRoute = (live: Live): Route<never> =>
  stream('/api/live', {
    summary:
      'One stream of server-sent events for a tab: overview, services, map, changed, saga:<order id>, tail:<topic>+<topic>',
    query: z.object({
      channels: text(CHANNELS_CHARACTERS),
      lastEventId: z
        .string()
        .max(100)
        .optional()
        .describe('As the header Last-Event-ID, for who opens the stream anew.'),
    }),
    handle: ({ query: { channels, lastEventId }, signal }, header) =>
      live.open(channels, header ?? lastEventId, signal),
  });
