import type { AnyEventType } from '@troupe/schemas';
import type { MapEvent } from '../../map/choreography.ts';
import { exampleData, exampleHeaders } from './examples.ts';

const AVRO = 'application/vnd.apache.avro;version=1.9.0';

interface Place extends Pick<Partial<MapEvent>, 'ends' | 'terminal' | 'undoneBy'> {
  /** A saga begins with it: its id is that of the saga. */
  readonly isFirst: boolean;
}

/** An event as a message: its Avro schema as it is registered, its headers, an example. */
export function messageOf(event: AnyEventType, { isFirst, ends, terminal, undoneBy }: Place): object {
  const { messageName: name, fullName, owner, subject, schema } = event;
  return {
    name: fullName,
    title: name,
    summary: schema.doc,
    tags: [{ name: owner }],
    traits: [{ $ref: '#/components/messageTraits/event' }],
    headers: {
      type: 'object',
      properties: {
        ce_type: { type: 'string', const: fullName },
        ce_source: { type: 'string', const: `/troupe/${owner}` },
      },
    },
    payload: { schemaFormat: AVRO, schema },
    examples: [{ name: `a${name}`, headers: exampleHeaders(event, isFirst), payload: exampleData(event) }],
    'x-subject': subject,
    ...(ends && { 'x-ends': ends }),
    ...(undoneBy && { 'x-undone-by': undoneBy }),
    ...(terminal && { 'x-terminal': terminal }),
  };
}
