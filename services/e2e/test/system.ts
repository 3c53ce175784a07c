import type { ServiceName } from '@troupe/services';

/** The running system, as a client sees it: HTTP only. */
type Party = ServiceName | 'provider' | 'carrier' | 'mailbox';

export function urlOf(party: Party): string {
  const url = process.env[`TEST_${party.toUpperCase()}_URL`];
  if (url === undefined) throw new Error('This test needs the stack that npm test starts: run it with npm test.');
  return url;
}

export interface HttpAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export async function request<Body>(party: Party, path: string, init: RequestInit = {}): Promise<HttpAnswer<Body>> {
  const response = await fetch(`${urlOf(party)}${path}`, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? undefined : JSON.parse(text)) as Body,
  };
}

export const get = <Body>(party: Party, path: string, headers: Record<string, string> = {}) =>
  request<Body>(party, path, { headers });

export const post = <Body>(party: Party, path: string, body: unknown, headers: Record<string, string> = {}) =>
  request<Body>(party, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** The headers of a person whose acts are written down. */
export const operator = { 'x-operator': 'grace' };

export interface OrderView {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | null;
  readonly total: number;
}
export interface Accepted {
  readonly orderId: string;
  readonly status: string;
  readonly traceId: string;
  readonly links: Readonly<Record<string, string>>;
}

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Places an order of one line; answers its id. */
export const place = (sku: string, paymentToken = 'tok_ok', quantity = 1): Promise<Accepted> =>
  placeAll([{ sku, quantity }], paymentToken);

/** The same order, run by an orchestrator. */
export const placeOrchestrated = (sku: string, paymentToken = 'tok_ok', quantity = 1): Promise<Accepted> =>
  placeAll([{ sku, quantity }], paymentToken, '/orders/orchestrated');

/** Places an order; answers its id. */
export async function placeAll(items: readonly Line[], paymentToken = 'tok_ok', path = '/orders'): Promise<Accepted> {
  const { status, body } = await post<Accepted>('order', path, { items, paymentToken });
  if (status !== 202) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** The order at its end. */
export const ended = (orderId: string): Promise<OrderView> =>
  eventually(
    async () => (await get<OrderView>('order', `/orders/${orderId}?wait=30`)).body,
    ({ status }) => status !== 'PENDING' && status !== 'AWAITING_APPROVAL',
  );

export const payment = async (orderId: string) => (await get<PaymentView>('payment', `/payments/${orderId}`)).body;

export interface PaymentView {
  readonly status: string;
  readonly amount: number;
  readonly refundAttempts?: number;
}

interface LedgerEntry {
  readonly kind: 'charge' | 'refund';
  /** Money moved only where it says `succeeded`. */
  readonly status: 'succeeded' | 'declined' | 'refused';
}
/** What moved at the provider, in order. */
export const moved = async (orderId: string) => {
  const { body } = await get<{ items: LedgerEntry[] }>('provider', `/v1/ledger?reference=${orderId}`);
  return body.items.filter(({ status }) => status === 'succeeded').map(({ kind }) => kind);
};

export interface StockView {
  readonly sku: string;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
  readonly initial: number;
  readonly restocked: number;
}
export const stockOf = async (sku: string): Promise<StockView> =>
  (await get<StockView>('inventory', `/stock/${sku}`)).body;

/** Looks until it is as expected. */
export async function eventually<T>(look: () => Promise<T>, asExpected: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + EVENTUALLY_MS;
  for (;;) {
    const seen = await look();
    if (asExpected(seen)) return seen;
    if (Date.now() > end) throw new Error(`It did not come so; at last it was ${JSON.stringify(seen)}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Shorter than the time limit of a test, which would not say what it has waited for. */
const EVENTUALLY_MS = 100_000;
