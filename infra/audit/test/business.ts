import { setTimeout as sleep } from 'node:timers/promises';

/** The orders that a test's audit looks at, by how they ended. */
export interface Business {
  readonly confirmed: string;
  readonly declined: string;
  readonly refunded: string;
  readonly unshippable: string;
  readonly owed: string;
  readonly resolved: string;
  /** By an orchestrator. */
  readonly orchestrated: string;
  readonly undone: string;
}

interface Answer {
  readonly orderId: string;
  readonly status: string;
  /** Of a refused refund: when it is tried again by itself. */
  readonly nextAttemptAt?: string;
}

const operator = { 'x-operator': 'ada' };

/** Does business with a system until every kind of end has been reached, and nothing is on its way. */
export async function doBusiness(urlOf: (name: string) => string): Promise<Business> {
  const ask = async (method: string, url: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(url, { ...init, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return (await response.json()) as Answer;
  };
  const order = async (sku: string, paymentToken = 'tok_ok', path = '/orders'): Promise<string> => {
    const key = { 'idempotency-key': `${sku}-${paymentToken}` };
    const answer = await ask('POST', urlOf('order') + path, { items: [{ sku, quantity: 2 }], paymentToken }, key);
    return answer.orderId;
  };
  const ended = async (orderId: string, status: string): Promise<void> => {
    while ((await ask('GET', `${urlOf('order')}/orders/${orderId}`)).status !== status) await sleep(50);
  };
  const givenUp = async (orderId: string): Promise<void> => {
    for (;;) {
      const { status, nextAttemptAt } = await ask('GET', `${urlOf('payment')}/payments/${orderId}`);
      if (status === 'REFUND_FAILED' && nextAttemptAt === undefined) return;
      await sleep(50);
    }
  };

  await ask('POST', `${urlOf('inventory')}/stock/SKU-001/restock`, { quantity: 5 });
  const business = {
    confirmed: await order('SKU-001'),
    declined: await order('SKU-002', 'tok_declined'),
    refunded: await order('SKU-099'),
    unshippable: await order('SKU-100'),
    owed: await order('SKU-099', 'tok_refund_fails_98'),
    resolved: await order('SKU-099', 'tok_refund_fails_99'),
    orchestrated: await order('SKU-003', 'tok_ok', '/orders/orchestrated'),
    undone: await order('SKU-100', 'tok_ok', '/orders/orchestrated'),
  };
  for (const kind of ['confirmed', 'orchestrated'] as const) await ended(business[kind], 'CONFIRMED');
  for (const kind of ['declined', 'refunded', 'unshippable', 'undone'] as const)
    await ended(business[kind], 'CANCELLED');
  const resolve = `${urlOf('payment')}/payments/${business.resolved}/refund/resolve`;
  await ended(business.resolved, 'NEEDS_ATTENTION');
  // While the provider is being asked, a person has to wait.
  while ((await ask('POST', resolve, { reason: 'Bank transfer 4711.' }, operator)).status !== 'RESOLVED')
    await sleep(50);
  await ended(business.resolved, 'CANCELLED');
  await ended(business.owed, 'NEEDS_ATTENTION');
  await givenUp(business.owed);
  return business;
}
