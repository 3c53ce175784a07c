import { createHash } from 'node:crypto';

/** The kinds of message. A customer gets at most one of each for an order. */
export type Template = 'ORDER_CONFIRMED' | 'ORDER_CANCELLED' | 'APPROVAL_REQUIRED';

export interface Email {
  readonly template: Template;
  readonly orderId: string;
  readonly recipient: string;
  readonly subject: string;
  /** Plain text, lines separated by \n. */
  readonly text: string;
}

interface About {
  readonly orderId: string;
  readonly customerId: string;
}
interface Priced {
  /** Minor units of `currency`. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
}
interface Listed {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

export function confirmed(order: About & Priced & Listed): Email {
  return email('ORDER_CONFIRMED', order, 'Your order is on its way', [
    'Thank you for your order. It is paid, packed and on its way to you.',
    [...lines(order), `Total: ${money(order)}`].join('\n'),
  ]);
}

export function cancelled(order: About & Listed & { readonly detail: string }): Email {
  return email('ORDER_CANCELLED', order, 'Your order was cancelled', [
    'Your order was cancelled, and nothing of it will be sent.',
    `Reason: ${order.detail}`,
    lines(order).join('\n'),
    'If you have paid for it already, you get all of your money back, without asking.',
  ]);
}

export function approvalRequired(
  payment: About & Priced & { readonly limit: number; readonly expiresAt: number },
): Email {
  const limit = money({ amount: payment.limit, currency: payment.currency });
  return email('APPROVAL_REQUIRED', payment, 'We are looking at your order', [
    `Your order comes to more than ${limit}, so one of us has a look at it before your payment is taken.`,
    `Total: ${money(payment)}`,
    `You need not do anything. We decide by ${moment(payment.expiresAt)}, and you hear from us either way.`,
  ]);
}

function email(template: Template, { orderId, customerId }: About, subject: string, paragraphs: string[]): Email {
  const text = ['Hello,', ...paragraphs, `Order: ${orderId}`, 'Troupe'].join('\n\n');
  // The end of the id tells orders apart; it begins with the time (UUIDv7).
  return { template, orderId, recipient: addressOf(customerId), subject: `${subject} (${orderId.slice(-8)})`, text };
}

const lines = ({ items }: Listed): string[] => items.map(({ sku, quantity }) => `  ${quantity} x ${sku}`);

/** 149900 USD → $1,499.00; the number of minor units in a major one is the currency's own. */
function money({ amount, currency }: Priced): string {
  const { format, minorUnits } = formats.get(currency) ?? formatOf(currency);
  return format(amount / minorUnits);
}

interface Format {
  format(amount: number): string;
  /** In a major one. */
  readonly minorUnits: number;
}

/** By currency. Making a format takes as long as sending a mail. */
const formats = new Map<string, Format>();

function formatOf(currency: string): Format {
  const numbers = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const digits = numbers.resolvedOptions().maximumFractionDigits ?? 2;
  const made = { format: (amount: number) => numbers.format(amount), minorUnits: 10 ** digits };
  formats.set(currency, made);
  return made;
}

const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * The address of a customer. Customer ids come from outside. Whatever is not a letter, digit, dash or underscore becomes
 * `=` and two hex digits for each byte, so that no two customers share an address and nothing can end a header line.
 * A result longer than a local part may be (64, RFC 5321) is hashed.
 */
export function addressOf(customerId: string): string {
  const safe = [...Buffer.from(customerId, 'utf8')].map(encoded).join('');
  const local =
    safe.length <= 64 ? safe : `sha256==${createHash('sha256').update(customerId, 'utf8').digest('base64url')}`;
  return `${local}@customers.troupe.example`;
}

function encoded(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9_-]/.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
