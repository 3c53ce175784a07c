import { z } from 'zod';
import { TryingProblem } from './problem.ts';

/** How many orders are on their way to the service at once. */
const AT_ONCE = 20;
const ANSWER_MS = 15_000;

const accepted = z.object({ orderId: z.uuid() });

export interface Orders {
  readonly orderUrl: string;
  readonly body: unknown;
  readonly orchestrated: boolean;
  readonly count: number;
  /** Sent again with the same key, the same orders are meant. */
  readonly key: string;
}

/**
 * Places orders at the order service, as any client would, and returns their ids.
 * @throws TryingProblem when none was taken; when only some were, those are told.
 */
export async function placeOrders(orders: Orders): Promise<readonly string[]> {
  const ids: string[] = [];
  let failure: unknown;
  let next = 0;
  const placing = async (): Promise<void> => {
    while (next < orders.count && failure === undefined) {
      const number = next;
      next += 1;
      try {
        ids.push(await placeOne(orders, number));
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, orders.count) }, placing));
  if (ids.length === 0) throw failure;
  return ids;
}

async function placeOne({ orderUrl, body, orchestrated, key }: Orders, number: number): Promise<string> {
  const answer = await fetch(`${orderUrl}/orders${orchestrated ? '/orchestrated' : ''}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${key}.${number}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: Error) => {
    throw away(
      error.name === 'TimeoutError' ? `it did not answer within ${ANSWER_MS / 1000} s` : 'nothing listens there',
    );
  });
  const said = (await answer.json().catch(() => ({}))) as { readonly detail?: unknown };
  const { data } = accepted.safeParse(said);
  if (answer.status === 202 && data !== undefined) return data.orderId;
  throw away(`it answered ${answer.status} ${typeof said.detail === 'string' ? said.detail : ''}`.trim());

  function away(why: string): TryingProblem {
    const detail = `${orderUrl} was asked, and ${why}. See Services; in the lab the service may be switched off.`;
    return new TryingProblem({
      status: 503,
      code: 'ORDER_AWAY',
      title: 'The order service takes no order now',
      detail,
    });
  }
}
