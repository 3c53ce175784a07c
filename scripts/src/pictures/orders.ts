import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@troupe/embedded';

/** While everything runs. */
export interface Evening {
  /** The carrier refused, and everything was undone. */
  readonly compensated: string;
  readonly orchestrated: string;
}

/** Inventory was stopped. */
export interface Night {
  /** Paid, and inventory did not hear of it. */
  readonly stuck: string;
}

const QUIET_ORDERS = 40;
const STUCK_ORDERS = 12;
const PAUSE_MS = 120;
/** Longer than all of it takes to be undone, and its customer to be told. */
const UNDONE_MS = 5_000;
/** Longer than inventory may take to answer a payment, so that the pictures show what is overdue. */
const OVERDUE_MS = 14_000;

/** Lets orders end well and badly. */
export async function eveningOf({ addresses }: Stack, signal: AbortSignal): Promise<Evening> {
  const place = orderPlacer(addresses.serviceUrl('order'), signal);
  for (let order = 0; order < QUIET_ORDERS; order += 1) {
    await place({ sku: `SKU-0${10 + (order % 60)}`, quantity: 1 + (order % 3), customer: `c-${2_000 + order}` });
    if (order % 6 === 0) await place({ sku: 'SKU-099', quantity: 1, customer: `c-${3_000 + order}` });
    if (order % 9 === 0)
      await place({ sku: 'SKU-021', quantity: 1, token: 'tok_declined', customer: `c-${4_000 + order}` });
    await sleep(PAUSE_MS, undefined, { signal });
  }
  await place({ sku: 'SKU-098', quantity: 1, customer: 'c-0007' });
  const compensated = await place({ sku: 'SKU-100', quantity: 1, customer: 'demo' });
  const orchestrated = await place({ sku: 'SKU-100', quantity: 1, customer: 'demo', style: '/orchestrated' });
  await sleep(UNDONE_MS, undefined, { signal });
  return { compensated, orchestrated };
}

/** Stops inventory, and places orders that wait for it. */
export async function nightOf({ addresses, child }: Stack, signal: AbortSignal): Promise<Night> {
  const place = orderPlacer(addresses.serviceUrl('order'), signal);
  await child('inventory').stop();
  let stuck = '';
  for (let order = 0; order < STUCK_ORDERS; order += 1) {
    stuck = await place({ sku: `SKU-0${14 + order}`, quantity: 1 + (order % 2), customer: `c-${1_180 + 31 * order}` });
    await sleep(PAUSE_MS, undefined, { signal });
  }
  await sleep(OVERDUE_MS, undefined, { signal });
  return { stuck };
}

interface Wanted {
  readonly sku: string;
  readonly quantity: number;
  readonly customer: string;
  readonly token?: string;
  readonly style?: '' | '/orchestrated';
}

function orderPlacer(url: string, signal: AbortSignal) {
  return async ({ sku, quantity, customer, token = 'tok_ok', style = '' }: Wanted): Promise<string> => {
    const response = await fetch(`${url}/orders${style}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-customer-id': customer },
      body: JSON.stringify({ items: [{ sku, quantity }], paymentToken: token }),
      signal,
    });
    if (!response.ok) throw new Error(`The order of ${sku} was answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { orderId: string }).orderId;
  };
}
