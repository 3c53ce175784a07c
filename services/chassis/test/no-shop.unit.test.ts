import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';

// The chassis runs any trade. What it knew of the shop, another trade would have to work around.

const SOURCES = path.resolve(import.meta.dirname, '../src');

/** The words of the shop: its services, what they keep, and who comes to it. */
const SHOP = new Set(
  `order orders payment payments inventory shipping notification customer customers product products sku stock warehouse
   reservation reservations shipment shipments carrier refund refunds charge charges approval approvals cart price prices`.split(
    /\s+/,
  ),
);

/** Where such a word is one of another field: SQL, Kafka, PostgreSQL, the sequence of things. */
const OTHERS = [
  /\border by\b/gi,
  /OUT_OF_ORDER_SEQUENCE_NUMBER/g,
  // As KAFKAJS_CODEC=stock has it: a library as it comes.
  /^stock$/g,
  /\b(in|out of) (the |their |its |that |this |any )?order\b/gi,
  /\bthe order (of|in)\b/gi,
];

/** `orderId` → order, id; `/orders/:orderId` → orders, order, id. */
const partsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

/** What of a text is the shop's. */
function shopIn(text: string): readonly string[] {
  const others = OTHERS.reduce((left, other) => left.replaceAll(other, ''), text);
  return partsOf(others).filter((part) => SHOP.has(part));
}

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly raw?: unknown;
}

/** The identifiers, string literals and template texts of a source, in the order in which they stand there. */
function textsOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf);
  if (typeof node !== 'object' || node === null) return [];
  const { type, value, raw } = node as Node;
  const own =
    type === 'Identifier' || type === 'PrivateName' || type === 'StringLiteral'
      ? value
      : type === 'TemplateElement' && raw;
  return [...(typeof own === 'string' ? [own] : []), ...Object.values(node).flatMap(textsOf)];
}

const shopInSource = (source: string): readonly string[] =>
  textsOf(parseSync(source, { syntax: 'typescript', target: 'es2022' })).flatMap((text) =>
    shopIn(text).map((word) => `${word} in ${text}`),
  );

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

describe('the search for the shop', () => {
  it.each([
    ['a variable', 'const orderId = 1;'],
    ['a field of a type', 'interface A { readonly customerId: string }'],
    ['a private field', 'class A { #payment = 1 }'],
    ['a variable of one word with more', 'const stockLevel = 1;'],
    ['a name in a path', "get('/stock/:sku')"],
    ['a name in a template', 'const a = `SELECT order_id FROM $' + '{b}`'],
    ['a sentence', "throw new Error('The order has no orchestrator.')"],
    ['an export', "export { Shipment } from './a.ts'"],
  ])('finds %s', (_, source) => {
    expect(shopInSource(source)).not.toEqual([]);
  });

  it.each([
    ['SQL', "const a = 'SELECT id FROM task ORDER BY id'"],
    ['a library as it comes', "const codec: 'fast' | 'stock' = 'stock'"],
    ['the sequence of things', "const a = 'the order of its events is not kept'"],
    ['a word that only contains one', 'const border = recharge(disordered)'],
  ])('lets %s pass', (_, source) => {
    expect(shopInSource(source)).toEqual([]);
  });
});

it('looks at all sources of the chassis', () => {
  expect(files.length).toBeGreaterThan(150);
});

it.each(files)('%s names nothing of the shop', (file) => {
  expect(shopInSource(readFileSync(path.join(SOURCES, file), 'utf8'))).toEqual([]);
});
