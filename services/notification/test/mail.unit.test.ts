import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { addressIn, type Mail, rawMail } from '../src/mail.ts';

const mail: Mail = {
  from: 'Troupe <orders@troupe.example>',
  to: 'demo=20x@customers.troupe.example',
  subject: 'Your order is on its way (0000abcd)',
  text: 'Hello,\n\n  1 x SKU-001\n.\nTroupe',
  messageId: '<1@troupe.example>',
  headers: { 'X-Order-Id': '1' },
};
const withoutLastEnd = (text: string | undefined): string =>
  (text ?? '').replace(/\r?\n$/, '').replaceAll('\r\n', '\n');

describe('a mail to a customer', () => {
  it('is readable as it is when it is plain', () => {
    expect(rawMail(mail, new Date(0))).toBe(
      [
        'From: Troupe <orders@troupe.example>',
        'To: demo=20x@customers.troupe.example',
        'Subject: Your order is on its way (0000abcd)',
        'Message-ID: <1@troupe.example>',
        'Date: Thu, 01 Jan 1970 00:00:00 +0000',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        'X-Order-Id: 1',
        '',
        'Hello,\r\n\r\n  1 x SKU-001\r\n.\r\nTroupe\r\n',
      ].join('\r\n'),
    );
  });

  it('arrives as it was written, in any language and however long its lines', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((words) => `a${words.replace(/[\r\0]/g, '')}z`);
    await fc.assert(
      fc.asyncProperty(text, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), async (body, name) => {
        const clean = name.replace(/[\p{Cc}\p{Zs}\p{Cf}\p{Zl}\p{Zp}<>"@,;:()\\[\]]/gu, '') || 'x';
        const from = `${clean} <orders@troupe.example>`;
        const seen = await PostalMime.parse(rawMail({ ...mail, from, text: body, subject: `to ${clean}` }));
        expect(withoutLastEnd(seen.text)).toBe(body);
        expect(seen.subject).toBe(`to ${clean}`);
        expect(seen.from).toEqual({ name: clean, address: 'orders@troupe.example' });
      }),
    );
  });

  it('has no line longer than mail servers take', () => {
    const raw = rawMail({ ...mail, text: 'x'.repeat(5_000) });
    expect(Math.max(...raw.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(998);
  });

  it('cannot be given a header by what is in another', () => {
    const evil = 'x\r\nBcc: all@troupe.example';
    const raw = rawMail({ ...mail, to: evil, subject: evil, messageId: evil, headers: { tracestate: evil } });
    expect(raw).not.toMatch(/^Bcc:/m);
  });

  it('is sent from the address in the name of its sender', () => {
    expect(addressIn('Troupe <orders@troupe.example>')).toBe('orders@troupe.example');
    expect(addressIn(' orders@troupe.example ')).toBe('orders@troupe.example');
  });
});
