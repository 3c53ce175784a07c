import { setMaxListeners } from 'node:events';
import { createCodec } from '@troupe/schemas';
import { Ends } from './ends.ts';
import { HttpClient } from './http-client.ts';
import type { Site } from '../bench/measure.ts';
import type { Target } from './burst.ts';

/** Does something with a system as a customer of its own, who hears from the topics how orders end. */
export async function withTarget<Result>(
  { orderUrl, brokers, registryUrl }: Site,
  signal: AbortSignal,
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const client = new HttpClient({ 'x-customer-id': `bench-${crypto.randomUUID()}` });
  const over = new AbortController();
  // Every order that waits for its moment listens: that many are no leak.
  setMaxListeners(0, signal);
  try {
    const codec = createCodec({ registryUrl });
    const ends = await Ends.listen({ brokers, codec, signal: AbortSignal.any([signal, over.signal]) });
    return await use({ url: orderUrl, path: '/orders', client, ends, signal });
  } finally {
    over.abort();
    client.close();
  }
}
