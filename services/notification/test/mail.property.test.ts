import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '@troupe/chassis';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import type { SendRequest } from '../src/notification.ts';
import { outgoing } from '../src/ports.ts';

const request: SendRequest = {
  notificationId: '1',
  orderId: '2',
  template: 'ORDER_CONFIRMED',
  recipient: 'demo=20x@customers.troupe.example',
  subject: 'Your order is on its way (0000abcd)',
  text: 'Hello,\n\n  1 x SKU-001\n.\nTroupe',
};
const sender = 'Troupe <orders@troupe.example>';
const context: CallContext = {
  idempotencyKey: 'Send/x',
  causationId: 'event-1',
  depth: 1,
  attempt: 1,
  signal: AbortSignal.timeout(60_000),
  headers: {},
};

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

async function composed(changed: Partial<SendRequest> = {}, { from = sender, headers = {} } = {}) {
  const { envelope, message } = await composer.sendMail(
    outgoing({ ...request, ...changed }, from, { ...context, headers }),
  );
  return { envelope, raw: String(message) };
}

const withoutLastEnd = (text: string | undefined): string =>
  (text ?? '').replace(/\r?\n$/, '').replaceAll('\r\n', '\n');

describe('a mail to a customer', () => {
  it('is readable as it is when it is plain', async () => {
    const { raw } = await composed();
    const [head = '', ...text] = raw.split('\r\n\r\n');
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        'From: Troupe <orders@troupe.example>',
        'To: demo=20x@customers.troupe.example',
        'Subject: Your order is on its way (0000abcd)',
        'Message-ID: <1@troupe.example>',
        expect.stringMatching(/^Date: /),
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        'X-Order-ID: 2',
      ]),
    );
    expect(text.join('\r\n\r\n')).toBe('Hello,\r\n\r\n  1 x SKU-001\r\n.\r\nTroupe\r\n');
  });

  it('arrives as it was written, in any language and however long its lines', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((words) => `a${words.replace(/[\r\0]/g, '')}z`);
    await fc.assert(
      fc.asyncProperty(text, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), async (body, name) => {
        const clean = name.replace(/[\p{Cc}\p{Zs}\p{Cf}\p{Zl}\p{Zp}<>"@,;:()\\[\]]/gu, '') || 'x';
        const from = `${clean} <orders@troupe.example>`;
        const { raw } = await composed({ text: body, subject: `to ${clean}` }, { from });
        const seen = await PostalMime.parse(raw);
        expect(withoutLastEnd(seen.text)).toBe(body);
        expect(seen.subject).toBe(`to ${clean}`);
        expect(seen.from).toEqual({ name: clean, address: 'orders@troupe.example' });
      }),
    );
  });

  it('has no line longer than mail servers take', async () => {
    const { raw } = await composed({ text: 'x'.repeat(5_000) });
    expect(Math.max(...raw.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998);
  });

  it('cannot be given a header by what is in another', async () => {
    const evil = 'x\r\nBcc: all@troupe.example';
    const changed = { recipient: evil, subject: evil, notificationId: evil, orderId: evil };
    const { raw } = await composed(changed, { headers: { tracestate: evil } });
    expect(raw).not.toMatch(/^Bcc:/m);
  });

  it('is sent from the address in the name of its sender', async () => {
    for (const from of [sender, ' orders@troupe.example ']) {
      const { envelope } = await composed({}, { from });
      expect(envelope).toEqual({ from: 'orders@troupe.example', to: ['demo=20x@customers.troupe.example'] });
    }
  });
});
