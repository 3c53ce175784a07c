import { describe, expect, it } from '@jest/globals';
import { get, post } from './system.ts';

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly traceId: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

const line = (over: object = {}) => ({ sku: 'SKU-001', quantity: 1, ...over });
const order = (...items: unknown[]) => ({ items, paymentToken: 'tok_ok' });
const UNKNOWN = '01890000-0000-7000-8000-000000000000';

/** What is sent, the status, and the field that the answer must name. */
const bodies: readonly [string, unknown, number, string][] = [
  ['malformed JSON', '{"items":[', 400, ''],
  ['a body that is no object', '[]', 400, ''],
  ['items that are no list', { items: 'SKU-001', paymentToken: 'tok_ok' }, 400, '/items'],
  ['a quantity that is a text', order(line({ quantity: '1' })), 400, '/items/0/quantity'],
  ['no payment token', { items: [line()] }, 400, '/paymentToken'],
  ['a field that does not exist', { ...order(line()), status: 'CONFIRMED' }, 400, '/status'],
  ['a price', order(line({ unitPrice: 1 })), 400, '/items/0/unitPrice'],
  ['an unknown SKU', order(line(), line({ sku: 'SKU-999' })), 422, '/items/1/sku'],
  ['quantity 0', order(line({ quantity: 0 })), 422, '/items/0/quantity'],
  ['quantity -1', order(line({ quantity: -1 })), 422, '/items/0/quantity'],
  ['quantity 1.5', order(line({ quantity: 1.5 })), 422, '/items/0/quantity'],
  ['quantity 10^9', order(line({ quantity: 1e9 })), 422, '/items/0/quantity'],
  ['no lines', order(), 422, '/items'],
  ['200 lines', order(...Array.from({ length: 200 }, (_, at) => line({ sku: `SKU-${at}` }))), 422, '/items'],
  ['the same SKU twice', order(line(), line()), 422, '/items/1/sku'],
  ['a body above 100 KB', { ...order(line()), paymentToken: 'x'.repeat(110_000) }, 413, ''],
  ['NUL in a text', { items: [line()], paymentToken: 'tok\u0000ok' }, 422, '/paymentToken'],
  [
    'a lone surrogate in a text',
    '{"items":[{"sku":"SKU-001","quantity":1}],"paymentToken":"tok\\ud800"}',
    422,
    '/paymentToken',
  ],
];

describe('bad input is answered with a problem that names the field and the remedy', () => {
  it.each(bodies)('%s', async (_what, body, status, field) => {
    const answer = await post<Problem>('order', '/orders', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(answer.body.detail.length).toBeGreaterThan(20);
    expect(answer.body.code).toMatch(/^[A-Z_]+$/);
    if (field !== '') expect(answer.body.errors?.map((error) => error.field)).toContain(field);
  });

  it('an id that is no UUID', async () => {
    const { status, body } = await get<Problem>('order', '/orders/42');
    expect(status).toBe(400);
    expect(body.detail).toContain('UUID');
  });

  it.each([
    ['order', `/orders/${UNKNOWN}`],
    ['order', `/orders/${UNKNOWN}/history`],
    ['order', `/orders/${UNKNOWN}/events`],
    ['payment', `/payments/${UNKNOWN}`],
    ['shipping', `/shipments/${UNKNOWN}`],
    ['inventory', '/stock/SKU-999'],
  ] as const)('what does not exist: %s %s', async (party, path) => {
    const { status, headers, body } = await get<Problem>(party, path);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body.detail.length).toBeGreaterThan(10);
  });
});

describe('an Idempotency-Key', () => {
  const key = () => `key-${Math.random()}`;

  it('gives the same request the same answer, and one order', async () => {
    const headers = { 'idempotency-key': key(), 'x-customer-id': `idem-${Date.now()}` };
    const first = await post<{ orderId: string }>('order', '/orders', order(line()), headers);
    const second = await post<{ orderId: string }>('order', '/orders', order(line()), headers);
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const list = await get<{ items: unknown[] }>('order', '/orders', headers);
    expect(list.body.items).toHaveLength(1);
  });

  it('refuses another request under the same key', async () => {
    const headers = { 'idempotency-key': key() };
    await post('order', '/orders', order(line()), headers);
    const other = await post<Problem>('order', '/orders', order(line({ quantity: 2 })), headers);
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('of another customer is another key', async () => {
    const shared = key();
    const of = (customer: string) => ({ 'idempotency-key': shared, 'x-customer-id': customer });
    const [one, two] = [
      await post<{ orderId: string }>('order', '/orders', order(line()), of('alice')),
      await post<{ orderId: string }>('order', '/orders', order(line()), of('bob')),
    ];
    expect(one.body.orderId).not.toBe(two.body.orderId);
  });

  it('sent many times at once makes one order', async () => {
    const headers = { 'idempotency-key': key(), 'x-customer-id': `race-${Date.now()}` };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post<{ orderId?: string }>('order', '/orders', order(line()), headers)),
    );
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(new Set(answers.flatMap(({ body }) => body.orderId ?? [])).size).toBe(1);
  });
});

describe("another customer's order", () => {
  it('does not exist for anyone else', async () => {
    const mine = { 'x-customer-id': 'carol' };
    const { body } = await post<{ orderId: string }>('order', '/orders', order(line()), mine);
    const paths = ['', '/history', '/events'].map((tail) => `/orders/${body.orderId}${tail}`);
    for (const path of paths) expect((await get('order', path, { 'x-customer-id': 'mallory' })).status).toBe(404);
    const cancel = await post('order', `/orders/${body.orderId}/cancel`, {}, { 'x-customer-id': 'mallory' });
    expect(cancel.status).toBe(404);
    expect((await get('order', `/orders/${body.orderId}`, mine)).status).toBe(200);
  });
});
