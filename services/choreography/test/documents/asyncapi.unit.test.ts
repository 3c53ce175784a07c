import { readFileSync } from 'node:fs';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { Parser } from '@asyncapi/parser';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@troupe/embedded';
import { type AnyEventType, events } from '@troupe/schemas';
import avsc from 'avsc';
import { parse } from 'yaml';
import { exampleData } from '../../src/documents/asyncapi/examples.ts';

const text = readFileSync(new URL('../../../../docs/asyncapi.yaml', import.meta.url), 'utf8');

interface Channel {
  readonly address: string;
  readonly bindings: {
    readonly kafka: { readonly partitions: number; readonly topicConfiguration: Readonly<Record<string, number>> };
  };
}

/** What the official parser has against a document. */
async function faultsOf(document: string): Promise<readonly string[]> {
  const parser = new Parser();
  parser.registerSchemaParser(AvroSchemaParser());
  const { document: parsed, diagnostics } = await parser.parse(document);
  const faults = diagnostics.map(({ severity, path, message }) => `${severity} ${path.join('.')}: ${message}`);
  return parsed === undefined && faults.length === 0 ? ['nothing was parsed'] : faults;
}

let faults: readonly string[];
beforeAll(async () => {
  faults = await faultsOf(text);
}, 60_000);

describe('docs/asyncapi.yaml', () => {
  it('is valid, says the official parser: no errors and no warnings', () => {
    expect(faults).toEqual([]);
  });

  it('would not be valid with an operation on a channel that does not exist', async () => {
    const faults = await faultsOf(text.replace(/#\/channels\/orderEvents"/, '#/channels/lostEvents"'));
    expect(faults.join('\n')).toContain("'#/channels/lostEvents' does not exist");
  }, 60_000);

  it('would not be valid with a schema that is not Avro', async () => {
    const faults = await faultsOf(text.replace('type: enum', 'type: enom'));
    expect(faults.join('\n')).toContain('messages.InventoryFailed.payload');
  }, 60_000);

  it.each(events.map((event) => [event.messageName, event] as const))(
    'has an example of %s that its schema encodes',
    (_, event: AnyEventType) => {
      const example = exampleData(event);
      const type = avsc.Type.forSchema(event.schema as avsc.Schema, { wrapUnions: false });
      expect(
        type.isValid(example, {
          errorHook: (path) => {
            throw new Error(path.join('.'));
          },
        }),
      ).toBe(true);
    },
  );

  it('has the topics that npm start makes, with their partitions and the size of their records', () => {
    const { channels } = parse(text) as { channels: Readonly<Record<string, Channel>> };
    const described = Object.values(channels).map(({ address, bindings: { kafka } }) => {
      return [address, kafka.partitions, kafka.topicConfiguration['max.message.bytes']];
    });
    expect(described).toEqual(
      topics().map(({ name, partitions, maxMessageBytes }) => [name, partitions, maxMessageBytes]),
    );
  });
});
