import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, problemOf, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const orderOf = (quantity: unknown): unknown => ({ items: [{ sku: 'SKU-001', quantity }] });
const lines = (count: number): unknown => ({ items: Array.from({ length: count }, () => ({ sku: 'A', quantity: 1 })) });

describe('bad input is answered with the field and the remedy', () => {
  const cases: readonly (readonly [what: string, body: unknown, status: number, field: string, message: string])[] = [
    ['malformed JSON', '{"items": [}', 400, 'body', 'is not valid JSON; correct it and send it again'],
    [
      'malformed JSON, with its place',
      '{"items":\n [1 2]}',
      400,
      'body',
      'is not valid JSON at line 2, column 5; correct it and send it again',
    ],
    [
      'JSON that ends too early',
      '{"items": ',
      400,
      'body',
      'is not valid JSON: it ends too early; correct it and send it again',
    ],
    [
      'bytes that are no UTF-8',
      new Uint8Array([0x22, 0xff, 0x22]),
      400,
      'body',
      'is not valid UTF-8; encode the text as UTF-8',
    ],
    ['a list instead of an object', [], 400, 'body', 'must be an object; you sent a list of 0'],
    ['a missing field', {}, 400, '/items', 'is missing; it must be a list'],
    ['a wrong type', orderOf('1'), 400, '/items/0/quantity', 'must be a number; you sent "1"'],
    ['null', orderOf(null), 400, '/items/0/quantity', 'must be a number; you sent null'],
    ['quantity 0', orderOf(0), 422, '/items/0/quantity', 'must be at least 1; you sent 0'],
    ['quantity -1', orderOf(-1), 422, '/items/0/quantity', 'must be at least 1; you sent -1'],
    ['quantity 1.5', orderOf(1.5), 422, '/items/0/quantity', 'must be a whole number; you sent 1.5'],
    ['quantity 10^9', orderOf(1e9), 422, '/items/0/quantity', 'must be at most 10000; you sent 1000000000'],
    [
      'quantity 2^53 + 1, whose last digit JSON loses',
      '{"items":[{"sku":"A","quantity":9007199254740993}]}',
      422,
      '/items/0/quantity',
      'must be at most 10000; you sent a number above 9007199254740991',
    ],
    [
      'quantity -(2^53 + 1)',
      '{"items":[{"sku":"A","quantity":-9007199254740993}]}',
      422,
      '/items/0/quantity',
      'must be at least 1; you sent a number below -9007199254740991',
    ],
    [
      'quantity 1e400',
      '{"items":[{"sku":"A","quantity":1e400}]}',
      400,
      '/items/0/quantity',
      'is a number that is too large to be read; send one that its field can hold',
    ],
    ['no lines', lines(0), 422, '/items', 'must have at least 1 entry; you sent none'],
    ['200 lines', lines(200), 422, '/items', 'must have at most 100 entries; you sent 200'],
    ['an empty text', { ...(lines(1) as object), note: '' }, 422, '/note', 'must not be empty'],
    [
      'a text that is too long',
      { ...(lines(1) as object), note: 'x'.repeat(201) },
      422,
      '/note',
      'must have at most 200 characters; you sent 201',
    ],
    [
      'NUL in a text',
      { ...(lines(1) as object), note: 'a\u0000b' },
      422,
      '/note',
      'must not hold control characters; remove the NUL, U+0000 at position 2',
    ],
    [
      'a line break in a text',
      { ...(lines(1) as object), note: 'a\nb' },
      422,
      '/note',
      'must not hold control characters; remove the U+000A at position 2',
    ],
    [
      'a lone surrogate',
      '{"items":[{"sku":"\\ud800","quantity":1}]}',
      422,
      '/items/0/sku',
      'must be whole Unicode characters; the one at position 1 is half of a surrogate pair (U+D800)',
    ],
    [
      'an unknown field',
      { ...(lines(1) as object), 'sta/tus': 1 },
      400,
      '/sta~1tus',
      'is not a known field; remove it or correct its name',
    ],
    [
      'an unknown field inside',
      { items: [{ sku: 'A', quantity: 1, price: 0 }] },
      400,
      '/items/0/price',
      'is not a known field; remove it or correct its name',
    ],
    [
      '__proto__',
      '{"items":[{"sku":"A","quantity":1,"__proto__":{"price":0}}]}',
      400,
      '/items/0/__proto__',
      'is not a known field; remove it',
    ],
    [
      'a value that is none of the choices',
      { ...(lines(1) as object), gift: 'tin' },
      422,
      '/gift',
      'must be one of "paper", "box"; you sent "tin"',
    ],
  ];
  for (const [what, body, status, field, message] of cases) {
    it(what, async () => {
      const problem = await problemOf(await shop.post('/orders', body));
      expect(problem).toMatchObject({ status, errors: [{ field, message }], instance: '/orders' });
      expect(problem.detail).toContain(message);
      expect(problem.type).toBe(`urn:troupe:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`);
    });
  }

  it('several faults are told at once, and a wrong form outweighs a wrong value', async () => {
    const problem = await problemOf(await shop.post('/orders', { items: [{ sku: 5, quantity: 0 }], state: 'PAID' }));
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(problem.errors?.map(({ field }) => field)).toEqual(['/items/0/sku', '/items/0/quantity', '/state']);
    expect(problem.detail).toBe('/items/0/sku must be text; you sent 5 (2 more in errors).');
  });

  it('an id that is no UUID', async () => {
    const problem = await problemOf(await shop.fetch('/orders/42'));
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'path orderId' }] });
    expect(problem.detail).toMatch(/^path orderId must be a UUID, such as .*; you sent "42"\.$/);
  });

  it('an order that does not exist', async () => {
    const problem = await problemOf(await shop.fetch('/orders/019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b'));
    expect(problem).toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND', title: 'There is no such order' });
  });

  it('a NUL or broken percent-encoding in the path', async () => {
    expect(await problemOf(await shop.fetch('/orders/a%00b'))).toMatchObject({
      status: 400,
      errors: [{ field: 'path orderId' }],
    });
    expect(await problemOf(await shop.fetch('/orders/%E0%A4'))).toMatchObject({
      status: 400,
      errors: [{ field: 'path' }],
    });
  });

  it('a wrong query, with what was sent', async () => {
    const messages = [
      ['limit=0', 'must be at least 1; you sent 0'],
      ['limit=abc', 'must be a number; you sent "abc"'],
      ['limit=1&limit=2', 'must be a number; you sent a list of 2'],
      ['limit=101', 'must be at most 100; you sent 101'],
      ['limit=9007199254740993', 'must be at most 100; you sent "9007199254740993"'],
      ['limit=1e400', 'is a number that is too large to be read; send one that its field can hold'],
    ];
    for (const [query, message] of messages) {
      const problem = await problemOf(await shop.fetch(`/orders?${query}`));
      expect(problem).toMatchObject({ status: 400, errors: [{ field: 'query limit', message }] });
    }
  });

  it.each([
    'application/json; profile="x"',
    'application/json;',
    'application/json;\tcharset=utf-8',
    'application/json \t; a=b ;charset="UTF-8"; c="d;e\\"f"',
    'Application/JSON;charset=utf-8;',
    'application/vnd.shop.v1+json; charset=utf-8',
  ])('but JSON is read under every way to say its type: %s', async (type) => {
    expect((await shop.post('/orders', lines(1), { 'content-type': type })).status).toBe(202);
  });

  it.each([
    'json',
    'application/json, text/plain',
    'application/jsonp',
    'application/json/x',
    'text/json',
    'application/json; charset="latin1"',
    'application/json; charset=""',
    '; charset=utf-8',
    'application/+json',
  ])('another media type than JSON in UTF-8: %s', async (type) => {
    const problem = await problemOf(await shop.post('/orders', lines(1), { 'content-type': type }));
    expect(problem).toMatchObject({ status: 415, errors: [{ field: 'header Content-Type' }] });
  });

  it('a body that is not sent as JSON, or compressed', async () => {
    const form = await problemOf(
      await shop.post('/orders', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    );
    expect(form).toMatchObject({ status: 415, errors: [{ field: 'header Content-Type' }] });
    expect(form.detail).toContain('application/json');
    expect(form.detail).toContain('you sent "application/x-www-form-urlencoded"');
    const latin = await shop.post('/orders', lines(1), { 'content-type': 'application/json; charset=latin1' });
    expect((await problemOf(latin)).status).toBe(415);
    const zipped = await problemOf(await shop.post('/orders', lines(1), { 'content-encoding': 'gzip' }));
    expect(zipped).toMatchObject({ status: 415, errors: [{ field: 'header Content-Encoding' }] });
  });

  it('a body above 100 KB, announced or not; one of just 100 KB is read', async () => {
    const big = JSON.stringify({ note: 'x'.repeat(102_401) });
    const announced = await problemOf(await shop.post('/orders', big));
    expect(announced).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE', errors: [{ field: 'body' }] });
    expect(announced.detail).toContain('100 KB');
    const chunks = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 10; sent += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(20_000)));
        controller.close();
      },
    });
    const streamed = await shop.fetch('/orders', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: chunks,
      duplex: 'half',
    } as RequestInit);
    expect((await problemOf(streamed)).status).toBe(413);
    const full = `{"note":"${'x'.repeat(102_400 - 11)}"}`;
    expect(full.length).toBe(102_400);
    expect((await problemOf(await shop.post('/orders', full))).status).toBe(400);
  });

  it('deep nesting', async () => {
    const problem = await problemOf(await shop.post('/orders', `{"items":${'['.repeat(50_000)}${']'.repeat(50_000)}}`));
    expect(problem).toMatchObject({ status: 400 });
    expect(problem.detail).toContain('must not be nested deeper than 32 levels');
  });

  it('no address, wrong method', async () => {
    expect(await problemOf(await shop.fetch('/nowhere'))).toMatchObject({ status: 404, code: 'ADDRESS_NOT_FOUND' });
    const wrong = await shop.fetch('/orders', { method: 'DELETE' });
    expect(wrong.headers.get('allow')).toBe('POST, GET, HEAD');
    expect(await problemOf(wrong)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });

  it('a customer that is not visible ASCII', async () => {
    for (const customer of ['', 'a b', 'x'.repeat(65), 'é']) {
      const answer = await shop.fetch('/orders', { headers: { 'x-customer-id': customer } });
      expect(await problemOf(answer)).toMatchObject({ status: 400, errors: [{ field: 'header X-Customer-Id' }] });
    }
  });
});

describe('good input', () => {
  it('reaches the command with its defaults, and the answer is the route’s', async () => {
    const answer = await shop.post('/orders', orderOf(2), { 'x-customer-id': 'ada' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe('/orders/1');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({ placed: 1, by: 'ada' });
    expect(shop.bus.taken.at(-1)?.command).toMatchObject({ data: { paymentToken: 'tok_ok', customerId: 'ada' } });
  });

  it('any script and emoji are welcome, counted in characters', async () => {
    for (const note of ['שלום עולם', '👩‍👩‍👧 for 🎂', '🎂'.repeat(200)]) {
      expect((await shop.post('/orders', { ...(lines(1) as object), note })).status).toBe(202);
    }
  });

  it('a POST without a body is one with no fields', async () => {
    const cancelled = await shop.fetch('/orders/019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b/cancel', { method: 'POST' });
    expect(cancelled.status).toBe(200);
    const placed = await problemOf(await shop.fetch('/orders', { method: 'POST' }));
    expect(placed).toMatchObject({ status: 400, errors: [{ field: '/items' }] });
  });

  it('a mark at the start of the body, and other JSON types, are accepted', async () => {
    const marked = `\ufeff${JSON.stringify(lines(1))}`;
    expect((await shop.post('/orders', marked, { 'content-type': 'application/JSON; charset="UTF-8"' })).status).toBe(
      202,
    );
    expect((await shop.post('/orders', lines(1), { 'content-type': 'application/cloudevents+json' })).status).toBe(202);
  });
});

describe('failures of our own', () => {
  it('are told without internals, and logged with the stack', async () => {
    const problem = await problemOf(await shop.fetch('/broken'));
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL_ERROR' });
    expect(JSON.stringify(problem)).not.toContain('customers_2');
    const logged = shop.logged().find((line) => line.msg === 'a request failed');
    expect(logged).toMatchObject({ level: 'error', err: { message: 'the secret table customers_2 is missing' } });
    expect(JSON.stringify(logged)).toContain('shop.ts');
  });
});
