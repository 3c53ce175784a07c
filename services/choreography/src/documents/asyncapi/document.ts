import type { AnyEventType } from '@troupe/schemas';
import { otherPorts } from '@troupe/services';
import { stringify } from 'yaml';
import type { Choreography, MapService } from '../../map/choreography.ts';
import { cloudEventHeaders, deadLetterHeaders, requiredHeaders } from './headers.ts';
import { messageOf } from './messages.ts';
import { operationsOf } from './operations.ts';

/** Of each topic, as `npm start` makes it. */
const PARTITIONS = 6;
const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;
const DEAD_LETTER_BYTES = 2 * 1024 * 1024;
const BINDING = '0.5.0';

/** The topics, messages and operations of all services as an AsyncAPI document. */
export function asyncApi(map: Choreography, events: readonly AnyEventType[]): string {
  const document = {
    asyncapi: '3.1.0',
    info: {
      title: 'Troupe',
      version: '0.1.0',
      description: INFO,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      tags: map.services.map(({ name, doc }) => ({ name, description: doc })),
    },
    defaultContentType: 'application/avro',
    servers: { local: server },
    channels: Object.fromEntries(map.services.flatMap((service) => channelsOf(service, events))),
    operations: Object.fromEntries(map.services.flatMap((service) => operationsOf(map, service))),
    components: {
      messages: {
        ...Object.fromEntries(events.map((event) => [event.messageName, messageOf(event, placeIn(map, event))])),
        DeadLetter: deadLetter,
      },
      messageTraits: { event: eventTrait },
    },
  };
  return `${HEAD}${stringify(document, OPTIONS)}`;
}

const HEAD =
  '# Written by `npm run choreography -- --write` from the reaction tables and the schemas; change those instead.\n';
/** Many tools still read YAML 1.1, for which a moment without quotes is no text. */
const OPTIONS = { version: '1.1', lineWidth: 120, aliasDuplicateObjects: false } as const;
const INFO = [
  'Services that take an order through payment, stock, shipping and confirmation. Each tells the others by events on a topic of its own what has happened.',
  'Delivery is at least once, in order for each key. A consumer remembers `ce_id`, so that each event takes effect once.',
].join('\n');

/** Where an event stands: whether a saga begins with it, and what the map says of it. */
function placeIn({ events, services }: Choreography, { messageName }: AnyEventType) {
  const rows = services.flatMap((service) => service.rows);
  return {
    ...events.find(({ name }) => name === messageName),
    isFirst: rows.some(({ begins }) => begins === messageName),
  };
}

const server = {
  host: `localhost:${otherPorts.kafka}`,
  protocol: 'kafka',
  description: 'What `npm start` runs.',
  bindings: {
    kafka: {
      schemaRegistryUrl: `http://localhost:${otherPorts.registry}/apis/ccompat/v7`,
      schemaRegistryVendor: 'apicurio',
      bindingVersion: BINDING,
    },
  },
};

function channelsOf(
  { name, topic }: MapService,
  events: readonly AnyEventType[],
): readonly (readonly [string, object])[] {
  const own = events.filter(({ owner }) => owner === name).map(({ messageName }) => messageName);
  const says = `What ${name} says. The partition is the murmur2 hash of the key, as Java clients have it.`;
  const aside = `What ${name} could not handle, with the cause. A person decides on it.`;
  return [
    [`${name}Events`, channel(topic, says, own)],
    [`${name}DeadLetters`, channel(`${name}.dlq`, aside, ['DeadLetter'], { 'max.message.bytes': DEAD_LETTER_BYTES })],
  ];
}

function channel(address: string, description: string, messages: readonly string[], more: object = {}): object {
  return {
    address,
    description,
    servers: [{ $ref: '#/servers/local' }],
    messages: Object.fromEntries(messages.map((message) => [message, { $ref: `#/components/messages/${message}` }])),
    bindings: {
      kafka: {
        topic: address,
        partitions: PARTITIONS,
        topicConfiguration: { 'retention.ms': RETENTION_MS, ...more },
        bindingVersion: BINDING,
      },
    },
  };
}

const eventTrait = {
  contentType: 'application/avro',
  correlationId: { location: '$message.header#/ce_correlationid', description: 'The saga: its order.' },
  headers: { type: 'object', required: requiredHeaders, properties: cloudEventHeaders },
  bindings: {
    kafka: {
      key: { type: 'string', format: 'uuid', description: 'The saga: its order. Events of one key are in order.' },
      schemaIdLocation: 'payload',
      schemaIdPayloadEncoding: 'confluent',
      schemaLookupStrategy: 'TopicRecordNameStrategy',
      bindingVersion: BINDING,
    },
  },
};

const allHeaders = { ...cloudEventHeaders, ...deadLetterHeaders };
const deadLetter = {
  name: 'troupe.DeadLetter',
  title: 'DeadLetter',
  summary:
    'A record that a consumer could not handle: its key, value and headers as they were, and the cause in more headers.',
  contentType: 'application/octet-stream',
  correlationId: { location: '$message.header#/ce_correlationid', description: 'The saga: its order.' },
  headers: {
    type: 'object',
    required: [...requiredHeaders, ...Object.keys(deadLetterHeaders)],
    properties: allHeaders,
  },
  payload: { type: 'string', format: 'binary', description: 'The value of the record, byte for byte.' },
};
