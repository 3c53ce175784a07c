import { randomUUID } from 'node:crypto';
import { eventually, get, moved, type OrderView, stockOf, urlOf } from '../system.ts';

export interface StepView {
  readonly name: string;
  readonly status: string;
  readonly attempts: number;
  readonly detail?: string;
  readonly compensation?: { readonly status: string; readonly attempts: number; readonly startedAt: string };
}
export interface SagaView {
  readonly status: string;
  readonly cause?: { readonly code: string; readonly step?: string };
  readonly steps: readonly StepView[];
}

/** A customer of a test's own, so that mishaps reach nobody else. */
export const someone = (): string => `customer-${randomUUID().slice(0, 8)}`;

interface Sent {
  /** Default: the order service of the stack. */
  readonly url?: string;
  readonly key?: string;
}

/** Places an order that an orchestrator runs; answers its id. Rejects when it is not accepted. */
export async function orchestrate(
  customer: string,
  sku: string,
  paymentToken = 'tok_ok',
  sent: Sent = {},
): Promise<string> {
  const { url = urlOf('order'), key } = sent;
  const response = await fetch(`${url}/orders/orchestrated`, {
    method: 'POST',
    body: JSON.stringify({ items: [{ sku, quantity: 1 }], paymentToken }),
    headers: {
      'content-type': 'application/json',
      'x-customer-id': customer,
      ...(key !== undefined && { 'idempotency-key': key }),
    },
  });
  if (response.status !== 202) throw new Error(`The order was answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { orderId: string }).orderId;
}

export const orderOf = async (customer: string, orderId: string): Promise<OrderView> =>
  (await get<OrderView>('order', `/orders/${orderId}`, { 'x-customer-id': customer })).body;

export const sagaOf = async (orderId: string): Promise<SagaView> =>
  (await get<SagaView>('order', `/sagas/${orderId}`)).body;

/** The saga, when it has ended. */
export const sagaEnd = (orderId: string): Promise<SagaView> =>
  eventually(
    () => sagaOf(orderId),
    ({ status }) => status === 'COMPLETED' || status === 'FAILED',
  );

/** The names of the steps that were undone, in the order in which that was asked for. */
export const undone = ({ steps }: SagaView): readonly string[] =>
  steps
    .flatMap(({ name, compensation }, at) => (compensation === undefined ? [] : [{ name, at, ...compensation }]))
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt) || b.at - a.at)
    .map(({ name }) => name);

/** Of what the participants have of an order, what is in effect: each by its own word, money by the provider's ledger. */
export async function effects(orderId: string) {
  const statusAt = async (party: 'inventory' | 'shipping', path: string) =>
    (await get<{ status?: string }>(party, path)).body.status;
  return {
    money: await moved(orderId),
    reservation: await statusAt('inventory', `/reservations/${orderId}`),
    shipment: await statusAt('shipping', `/shipments/${orderId}`),
  };
}

export async function isConserved(sku: string): Promise<boolean> {
  const { initial, restocked, available, reserved, shipped } = await stockOf(sku);
  return initial + restocked === available + reserved + shipped && Math.min(available, reserved, shipped) >= 0;
}
