import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, folder, itemsOf, pageOf, post, runToEnd, start } from './running.ts';

afterEach(cleanUp);

const order = { amount: 2599, currency: 'USD', token: 'tok_ok', reference: 'order-1' };

describe('the payment provider', () => {
  it('charges once for each key, and shows it in the ledger', async () => {
    const { url } = await start('provider', folder());
    const answers = await Promise.all([1, 2, 3].map(() => post(`${url}/v1/charges`, order, 'charge/order-1')));
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(await itemsOf(`${url}/v1/ledger?reference=order-1`)).toEqual([
      { ...order, kind: 'charge', id: answers[0]?.body.id, status: 'succeeded', createdAt: expect.any(String) },
    ]);
  });

  it('refuses a key that comes with another request, also while the first is being answered', async () => {
    const { url } = await start('provider', folder());
    const token = 'tok_slow_2000';
    const slow = post(`${url}/v1/charges`, { ...order, token }, 'k');
    // Asked behind it, and answered: by now the first is being answered.
    await itemsOf(`${url}/v1/ledger`);
    const other = await post(`${url}/v1/charges`, order, 'k');
    expect((await slow).status).toBe(201);
    const later = await post(`${url}/v1/charges`, { ...order, token, amount: 1 }, 'k');
    expect([other.status, later.status]).toEqual([422, 422]);
    expect(later.body.error).toMatchObject({ code: 'idempotency_key_reused', field: 'header idempotency-key' });
  });

  it('declines a declined card and an unknown token, each time the same', async () => {
    const { url } = await start('provider', folder());
    for (const [token, code] of [
      ['tok_declined', 'card_declined'],
      ['tok_whatever', 'invalid_token'],
    ] as const) {
      const first = await post(`${url}/v1/charges`, { ...order, token }, token);
      const again = await post(`${url}/v1/charges`, { ...order, token }, token);
      expect(first).toMatchObject({ status: 402, body: { error: { code, message: expect.any(String) } } });
      expect(again).toEqual(first);
    }
  });

  it('takes no charge for tok_refused, and no refund for tok_refund_refused, with the status that the token names', async () => {
    const { url } = await start('provider', folder());
    for (const status of [400, 403, 422]) {
      const answer = await post(`${url}/v1/charges`, { ...order, token: `tok_refused_${status}` }, `k${status}`);
      expect(answer).toMatchObject({ status, body: { error: { code: 'not_accepted' } } });
    }
    expect(await itemsOf(`${url}/v1/ledger`)).toEqual([]);
    const charge = await post(`${url}/v1/charges`, { ...order, token: 'tok_refund_refused' }, 'c');
    const refund = { charge: charge.body.id, amount: order.amount, reference: order.reference };
    expect((await post(`${url}/v1/refunds`, refund, 'r')).status).toBe(403);
  });

  it('counts the characters of a text as its clients do: an emoji is one', async () => {
    const { url } = await start('provider', folder());
    const statuses = [];
    for (const characters of [200, 201]) {
      const token = '😀'.repeat(characters);
      statuses.push((await post(`${url}/v1/charges`, { ...order, token }, `k${characters}`)).status);
    }
    expect(statuses).toEqual([402, 400]);
  });

  it('is unavailable twice for tok_flaky, then charges', async () => {
    const { url } = await start('provider', folder());
    const flaky = { ...order, token: 'tok_flaky' };
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await post(`${url}/v1/charges`, flaky, 'f')).status);
    expect(statuses).toEqual([503, 503, 201, 201]);
    expect(await itemsOf(`${url}/v1/ledger?reference=order-1`)).toHaveLength(1);
  });

  it('refuses the refund twice for tok_refund_fails, then gives the money back once, across restarts', async () => {
    const dataDir = folder();
    let provider = await start('provider', dataDir);
    const charge = await post(`${provider.url}/v1/charges`, { ...order, token: 'tok_refund_fails' }, 'c');
    const refund = { charge: charge.body.id, amount: order.amount, reference: order.reference };
    const statuses = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await post(`${provider.url}/v1/refunds`, refund, 'refund/order-1')).status);
      await provider.stop('SIGKILL');
      provider = await start('provider', dataDir);
    }
    expect(statuses).toEqual([422, 422, 201, 201]);
    const ledger = await itemsOf(`${provider.url}/v1/ledger?reference=order-1`);
    expect(ledger.map((entry) => `${entry.kind} ${entry.status}`)).toEqual([
      'charge succeeded',
      'refund refused',
      'refund refused',
      'refund succeeded',
    ]);
  });

  it('never gives back more than it took, however many keys ask at once', async () => {
    const { url } = await start('provider', folder());
    const charge = await post(`${url}/v1/charges`, order, 'c');
    const refund = { charge: charge.body.id, amount: order.amount, reference: order.reference };
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((key) => post(`${url}/v1/refunds`, refund, key)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 422, 422, 422]);
    expect((await post(`${url}/v1/refunds`, { ...refund, charge: 'ch_none' }, 'e')).status).toBe(404);
  });

  it('has every charge that it answered for after kill -9 in the middle of the work', async () => {
    const dataDir = folder();
    const provider = await start('provider', dataDir);
    const answered = new Map<string, string>();
    const clients = Array.from({ length: 20 }, async (_, client) => {
      for (let n = 0; ; n += 1) {
        const reference = `order-${client}-${n}`;
        const { status, body } = await post(`${provider.url}/v1/charges`, { ...order, reference }, reference);
        if (status === 201) answered.set(reference, body.id);
        if (answered.size === 500) await provider.stop('SIGKILL');
      }
    });
    await Promise.allSettled(clients);
    expect(answered.size).toBeGreaterThanOrEqual(500);
    appendFileSync(join(dataDir, 'ledger.jsonl'), '{"kind":"charge","id":"ch_torn","amou');

    const again = await start('provider', dataDir);
    expect(again.log).toContainEqual(expect.objectContaining({ level: 'warn', msg: expect.stringContaining('torn') }));
    const ledger = await itemsOf(`${again.url}/v1/ledger?limit=10000`);
    const idOf = new Map(ledger.map((entry) => [entry.reference, entry.id]));
    for (const [reference, id] of answered) expect(idOf.get(reference)).toBe(id);
    expect(idOf.size).toBe(ledger.length);
    const [reference, id] = [...answered][0] ?? [];
    expect((await post(`${again.url}/v1/charges`, { ...order, reference }, reference)).body.id).toBe(id);
  });

  it('ends on SIGTERM with code 0 and tells those who wait that nothing was charged', async () => {
    const dataDir = folder();
    const provider = await start('provider', dataDir);
    const waiting = post(`${provider.url}/v1/charges`, { ...order, token: 'tok_slow_60000' }, 'k');
    await post(`${provider.url}/v1/charges`, order, 'other');
    expect(await provider.stop('SIGTERM')).toBe(0);
    expect((await waiting).status).toBe(503);
    const again = await start('provider', dataDir);
    expect(await itemsOf(`${again.url}/v1/ledger`)).toHaveLength(1);
  });

  it('shows the whole ledger in pages', async () => {
    const { url } = await start('provider', folder());
    for (const n of [1, 2, 3]) await post(`${url}/v1/charges`, { ...order, reference: `order-${n}` }, `k${n}`);
    const first = await pageOf(`${url}/v1/ledger?limit=2`);
    const second = await pageOf(`${url}/v1/ledger?limit=2&cursor=${first.nextCursor}`);
    const references = [...first.items, ...second.items].map((entry) => entry.reference);
    expect([references, second.nextCursor]).toEqual([['order-1', 'order-2', 'order-3'], null]);
  });

  it.each([
    ['malformed JSON', '{"amount":', '/'],
    ['no object', [], '/'],
    ['a missing amount', { ...order, amount: undefined }, '/amount'],
    ['a negative amount', { ...order, amount: -1 }, '/amount'],
    ['a broken amount', { ...order, amount: 1.5 }, '/amount'],
    ['an amount that JSON cannot carry', { ...order, amount: 2 ** 53 }, '/amount'],
    ['an amount as text', { ...order, amount: '5' }, '/amount'],
    ['a currency in small letters', { ...order, currency: 'usd' }, '/currency'],
    ['an empty reference', { ...order, reference: '' }, '/reference'],
    ['a token that is too long', { ...order, token: 'x'.repeat(201) }, '/token'],
  ])('answers %s with 400 and the field', async (_, body, field) => {
    const { url } = await start('provider', folder());
    expect(await post(`${url}/v1/charges`, body, 'k')).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', field } },
    });
  });

  it('answers readably to a missing key, a large body, a wrong path, a wrong method and a wrong page', async () => {
    const { url } = await start('provider', folder());
    const noKey = await post(`${url}/v1/charges`, order);
    const large = await post(`${url}/v1/charges`, { ...order, token: 'x'.repeat(200_000) }, 'k');
    const path = await post(`${url}/v1/chargess`, order, 'k');
    const method = await fetch(`${url}/v1/charges`);
    const page = await fetch(`${url}/v1/ledger?limit=0`);
    const health = await fetch(`${url}/livez`);
    expect([noKey.status, large.status, path.status, method.status, page.status, health.status]).toEqual([
      400, 413, 404, 405, 400, 200,
    ]);
    expect(noKey.body.error.field).toBe('header idempotency-key');
  });

  it('does not touch the data of a provider that already has its port', async () => {
    const dataDir = folder();
    const { url } = await start('provider', dataDir);
    const second = await runToEnd('provider', { PORT: new URL(url).port, DATA_DIR: dataDir });
    expect(second.code).toBe(1);
    expect(second.out).toContain('EADDRINUSE');
  });

  it('says what to set when it has no folder or a wrong port', async () => {
    expect((await runToEnd('provider', {})).out).toContain('DATA_DIR is not set');
    expect((await runToEnd('provider', { DATA_DIR: folder(), PORT: '70000' })).out).toContain('PORT is \\"70000\\"');
  });
});
