import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, approvalRequired, cancelled, confirmed } from '../src/emails.ts';

const orderId = '0198c000-0000-7000-8000-00000000abcd';
const about = { orderId, customerId: 'demo', items: [{ sku: 'SKU-001', quantity: 2 }] };

const two = [...about.items, { sku: 'SKU-002', quantity: 1 }];

describe('what a customer reads', () => {
  it('when the order is confirmed', () => {
    const { subject, text } = confirmed({ ...about, amount: 2598, currency: 'USD' });
    expect(subject).toBe('Your order is on its way (0000abcd)');
    expect(text).toBe(
      [
        'Hello,',
        'Thank you for your order. It is paid, packed and on its way to you.',
        '  2 x SKU-001\nTotal: $25.98',
        `Order: ${orderId}`,
        'Troupe',
      ].join('\n\n'),
    );
  });

  it('when it is cancelled: why, and that the money comes back', () => {
    const { subject, text } = cancelled({ ...about, items: two, detail: 'SKU-099 is sold out.' });
    expect(subject).toBe('Your order was cancelled (0000abcd)');
    expect(text).toContain('Reason: SKU-099 is sold out.');
    expect(text).toContain('\n\n  2 x SKU-001\n  1 x SKU-002\n\n');
    expect(text).toContain('all of your money back');
    expect(text).toContain(orderId);
  });

  it('when a person must approve it: how much, above which limit, and by when', () => {
    const expiresAt = Date.UTC(2026, 10, 21, 9, 30, 59);
    const { text } = approvalRequired({ ...about, amount: 149900, currency: 'USD', limit: 100000, expiresAt });
    expect(text).toContain('more than $1,000.00');
    expect(text).toContain('Total: $1,499.00');
    expect(text).toContain('by 2026-11-21 09:30 UTC');
    expect(text).toContain(orderId);
  });

  it('in a currency without minor units: the amount is not divided', () => {
    expect(confirmed({ ...about, amount: 1499, currency: 'JPY' }).text).toContain('Total: ¥1,499');
  });
});

describe('the address of a customer', () => {
  it('is the id itself when that can stand in an address', () => {
    expect(addressOf('demo')).toBe('demo@customers.troupe.example');
    expect(addressOf('Customer_7-a')).toBe('Customer_7-a@customers.troupe.example');
    const longest = 'a'.repeat(64);
    expect(addressOf(longest)).toBe(`${longest}@customers.troupe.example`);
  });

  it('is encoded otherwise', () => {
    expect(addressOf('a@b.c')).toBe('a=40b=2Ec@customers.troupe.example');
    expect(addressOf('é')).toBe('=C3=A9@customers.troupe.example');
    expect(addressOf('demo\r\nBcc: all')).toBe('demo=0D=0ABcc=3A=20all@customers.troupe.example');
  });

  it('is never longer or stranger than an address may be, and never that of another customer', () => {
    const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(id, id, (one, other) => {
        const address = addressOf(one);
        expect(address).toMatch(/^[A-Za-z0-9_=-]{1,64}@customers\.troupe\.example$/);
        expect(addressOf(other) === address).toBe(one === other);
      }),
      {
        numRuns: 2000,
        examples: [
          ['=40', '@'],
          ['a'.repeat(64), 'a'.repeat(65)],
        ],
      },
    );
  });
});
