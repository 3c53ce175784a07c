import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

// When the output is meant to change: node generate.mjs test/golden/avro test/golden/events.ts.txt

const GENERATOR = path.resolve(import.meta.dirname, '../generate.mjs');
const GOLDEN = path.resolve(import.meta.dirname, 'golden');

// biome-ignore lint/suspicious/noExplicitAny: schemas here are wrong on purpose
type Schema = Record<string, any>;

const text = (name: string, more: object = {}) => ({ name, type: 'string', doc: 'A text.', ...more });
const enumField = (more: object) => ({
  name: 'size',
  doc: 'How big.',
  type: { type: 'enum', name: 'Size', doc: 'Sizes.', symbols: ['BIG', 'UNKNOWN'], default: 'UNKNOWN', ...more },
});
const recordField = (type: object) => ({
  name: 'item',
  doc: 'The item.',
  type: { type: 'record', name: 'Item', ...type },
});
const schema = (owner: string, name: string, ...fields: object[]): Schema => ({
  type: 'record',
  name,
  namespace: `troupe.${owner}`,
  doc: 'Emitted when a box was packed.',
  key: 'boxId',
  fields: [text('boxId'), ...fields],
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'troupe-generator-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const target = (): string => path.join(folder, 'out/events.ts');

function write(file: string, content: Schema | string): void {
  const at = path.join(folder, 'avro', file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
}

function complaints(): string {
  mkdirSync(path.join(folder, 'avro'), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, [GENERATOR, path.join(folder, 'avro'), target()], {
    encoding: 'utf8',
  });
  expect({ status, written: existsSync(target()) }).toEqual({ status: 1, written: false });
  return stderr;
}

describe('the generator', () => {
  it('writes types, constructors and lists as the golden file has them', () => {
    execFileSync(process.execPath, [GENERATOR, path.join(GOLDEN, 'avro'), target()]);
    expect(readFileSync(target(), 'utf8')).toBe(readFileSync(path.join(GOLDEN, 'events.ts.txt'), 'utf8'));
  });

  it('leaves a file alone that is up to date, so that nothing is built again', () => {
    write('box/BoxPacked.avsc', schema('box', 'BoxPacked'));
    const run = () => execFileSync(process.execPath, [GENERATOR, path.join(folder, 'avro'), target()]);
    run();
    const before = readFileSync(target(), 'utf8');
    rmSync(target());
    writeFileSync(target(), before, { mode: 0o444 });
    run();
    expect(readFileSync(target(), 'utf8')).toBe(before);
  });
});

describe('the generator refuses, and names file, field and remedy:', () => {
  const faulty: [title: string, content: Schema, complaint: string][] = [
    [
      'a record named other than its file',
      schema('box', 'BoxOpened'),
      'the record is named "BoxOpened". Name it "BoxPacked"',
    ],
    [
      'another namespace',
      { ...schema('box', 'BoxPacked'), namespace: 'box' },
      '"namespace" is "box". Set it to "troupe.box"',
    ],
    ['no record', { ...schema('box', 'BoxPacked'), type: 'enum' }, 'is not a record'],
    ['a record without doc', { ...schema('box', 'BoxPacked'), doc: ' ' }, 'the record "BoxPacked" has no "doc"'],
    [
      'a field without doc',
      schema('box', 'BoxPacked', text('label', { doc: '' })),
      'field "label": it has no "doc". Say',
    ],
    [
      'a nested record without doc',
      schema('box', 'BoxPacked', recordField({ fields: [text('sku')] })),
      'field "item": the record "Item" has no "doc"',
    ],
    [
      'a nested field without doc',
      schema('box', 'BoxPacked', recordField({ doc: 'An item.', fields: [{ name: 'sku', type: 'string' }] })),
      'field "item.sku": it has no "doc"',
    ],
    [
      'no key',
      { ...schema('box', 'BoxPacked'), key: undefined },
      'the record has no "key". Add "key": "boxId", or another field of type "string"',
    ],
    [
      'a key that is no name',
      { ...schema('box', 'BoxPacked'), key: ['boxId'] },
      'the record has no "key". Add "key": "boxId"',
    ],
    [
      'a key that is no field',
      { ...schema('box', 'BoxPacked'), fields: [text('id')] },
      'field "boxId": is the "key", but is not there as a "string". Add it, or name another',
    ],
    [
      'a key that is no string',
      { ...schema('box', 'BoxPacked'), fields: [text('boxId', { type: 'long' })] },
      'field "boxId": is the "key", but is not there as a "string"',
    ],
    [
      'a key that may be null',
      { ...schema('box', 'BoxPacked'), fields: [text('boxId', { type: ['null', 'string'], default: null })] },
      'field "boxId": is the "key", but is not there as a "string"',
    ],
    [
      'a "terminal" without a reason',
      { ...schema('box', 'BoxPacked'), terminal: ' ' },
      'the record has a "terminal" without a reason',
    ],
    ['an "undoneBy" that is no name', { ...schema('box', 'BoxPacked'), undoneBy: true }, '"undoneBy" is no name'],
    ['an "ends" that is neither', { ...schema('box', 'BoxPacked'), ends: 'badly' }, '"ends" is "badly"'],
    [
      'an "undoneBy" that is no event',
      { ...schema('box', 'BoxPacked'), undoneBy: 'BoxUnpacked' },
      '"undoneBy" names "BoxUnpacked", and there is no such event. Name an event of box',
    ],
    [
      'an "undoneBy" that is the event itself',
      { ...schema('box', 'BoxPacked'), undoneBy: 'BoxPacked' },
      '"undoneBy" names "BoxPacked", and it is the event itself',
    ],
    ['no fields', { ...schema('box', 'BoxPacked'), fields: [] }, 'has no fields'],
    [
      'a field name that is not camelCase',
      schema('box', 'BoxPacked', text('unit_price')),
      'field "unit_price": is no field name',
    ],
    [
      'a type that is not supported',
      schema('box', 'BoxPacked', text('photo', { type: 'bytes' })),
      'field "photo": the type "bytes" is not supported. Use string,',
    ],
    [
      'a map',
      schema('box', 'BoxPacked', text('tags', { type: { type: 'map', values: 'string' } })),
      'field "tags": the type {"type":"map","values":"string"} is not supported',
    ],
    [
      'another logical type',
      schema('box', 'BoxPacked', text('day', { type: { type: 'int', logicalType: 'date' } })),
      'field "day": the logical type "date" is not supported. Use long with timestamp-millis',
    ],
    [
      'a union of two types',
      schema('box', 'BoxPacked', text('size', { type: ['string', 'int'] })),
      'field "size": this union is not supported. The only one is ["null", <type>]',
    ],
    [
      'an optional field without default',
      schema('box', 'BoxPacked', text('note', { type: ['null', 'string'] })),
      'field "note": may be null but has no "default": null. Add it',
    ],
    [
      'an enum without default',
      schema('box', 'BoxPacked', enumField({ default: undefined })),
      'field "size": the enum "Size" has no "default" among its symbols. Add one',
    ],
    [
      'an enum without doc',
      schema('box', 'BoxPacked', enumField({ doc: undefined })),
      'field "size": the enum "Size" has no "doc"',
    ],
    [
      'an enum symbol that is not in capitals',
      schema('box', 'BoxPacked', enumField({ symbols: ['Big', 'UNKNOWN'] })),
      'field "size": "Big" is no symbol. Use capitals',
    ],
    [
      'a default of another type',
      schema('box', 'BoxPacked', text('note', { default: 7 })),
      'is not valid Avro: incompatible field default 7',
    ],
    [
      'a field that is there twice',
      schema('box', 'BoxPacked', text('note'), text('note')),
      'is not valid Avro: duplicate',
    ],
    [
      'a nested type with the name of an event',
      schema('box', 'BoxPacked', recordField({ name: 'BoxPackedData', doc: 'An item.', fields: [text('sku')] })),
      '"troupe.box.BoxPackedData" has the name of an event. Rename it.',
    ],
  ];
  it.each(faulty)('%s', (_, content, complaint) => {
    write('box/BoxPacked.avsc', content);
    expect(complaints()).toContain(`box/BoxPacked.avsc: ${complaint}`);
  });

  it('a file that is not JSON', () => {
    write('box/BoxPacked.avsc', '{');
    expect(complaints()).toContain('box/BoxPacked.avsc: is not JSON');
  });

  it('a file name that is no event name', () => {
    write('box/packed.avsc', schema('box', 'packed'));
    expect(complaints()).toContain('box/packed.avsc: the file name is no event name.');
  });

  it('a schema outside of an owner', () => {
    write('BoxPacked.avsc', schema('box', 'BoxPacked'));
    expect(complaints()).toContain("BoxPacked.avsc: lies in no owner's folder. Move it to <owner>/<Event>.avsc.");
  });

  it('a folder without schemas', () => {
    expect(complaints()).toContain('no <owner>/<Event>.avsc found. Add one.');
  });

  it('an event that two owners have', () => {
    write('box/BoxPacked.avsc', schema('box', 'BoxPacked'));
    write('crate/BoxPacked.avsc', schema('crate', 'BoxPacked'));
    expect(complaints()).toContain(
      'crate/BoxPacked.avsc: the event "BoxPacked" exists in box/BoxPacked.avsc. Give it another name.',
    );
  });

  it('a type of two shapes', () => {
    write('box/BoxOpened.avsc', schema('box', 'BoxOpened', recordField({ doc: 'An item.', fields: [text('sku')] })));
    write('box/BoxPacked.avsc', schema('box', 'BoxPacked', recordField({ doc: 'An item.', fields: [text('name')] })));
    expect(complaints()).toContain(
      'box/BoxPacked.avsc: "troupe.box.Item" is defined differently in box/BoxOpened.avsc.',
    );
  });

  it('all faults at once', () => {
    write('box/BoxOpened.avsc', schema('box', 'Box'));
    write('box/BoxPacked.avsc', schema('box', 'BoxPacked', text('a b'), text('c', { doc: '' })));
    expect(complaints().match(/\.avsc: /g)).toHaveLength(3);
  });
});
