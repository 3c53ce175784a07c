import { describe, expect, it } from '@jest/globals';
import { eventType, type Given } from '../src/event-type.ts';
import { events, OrderCreated } from '../src/generated/events.ts';

interface BoxPackedData {
  readonly orderId: string;
  readonly fragile: boolean;
  readonly note: string | null;
}

const BoxPacked = eventType<'BoxPacked', BoxPackedData, Given<BoxPackedData, 'fragile' | 'note'>>('BoxPacked', 'box', {
  type: 'record',
  name: 'BoxPacked',
  namespace: 'troupe.box',
  key: 'orderId',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'fragile', type: 'boolean', default: false },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
});

describe('the key of an event', () => {
  it('is the value of the field that its schema names', () => {
    expect(BoxPacked.key).toBe('orderId');
    expect(BoxPacked.keyOf({ orderId: 'o-1', fragile: false, note: null })).toBe('o-1');
  });

  // A registry may look schemas up by their text: one that has the text of before this declaration has to know it still.
  it('leaves no trace in the schema that is registered', () => {
    expect(JSON.stringify(BoxPacked.schema)).toBe(
      '{"type":"record","name":"BoxPacked","namespace":"troupe.box","fields":[{"name":"orderId","type":"string"},' +
        '{"name":"fragile","type":"boolean","default":false},{"name":"note","type":["null","string"],"default":null}]}',
    );
    for (const { schema } of events) expect(schema).not.toHaveProperty('key');
  });

  it('is there for each event of the system', () => {
    for (const { key, schema } of events) {
      expect(schema.fields).toContainEqual(expect.objectContaining({ name: key, type: 'string' }));
    }
  });
});

describe('the place of an event in the choreography', () => {
  const { terminal, undoneBy, ends, schema } = eventType('BoxSent', 'box', {
    type: 'record',
    name: 'BoxSent',
    namespace: 'troupe.box',
    key: 'orderId',
    terminal: 'Nobody waits for boxes.',
    undoneBy: 'BoxReturned',
    ends: 'success',
    fields: [{ name: 'orderId', type: 'string' }],
  });

  it('is what its schema declares', () => {
    expect({ terminal, undoneBy, ends }).toEqual({
      terminal: 'Nobody waits for boxes.',
      undoneBy: 'BoxReturned',
      ends: 'success',
    });
    expect(BoxPacked).not.toHaveProperty('terminal');
  });

  it('leaves no trace in the schema that is registered', () => {
    expect(JSON.stringify(schema)).toBe(
      '{"type":"record","name":"BoxSent","namespace":"troupe.box","fields":[{"name":"orderId","type":"string"}]}',
    );
    for (const event of events) {
      for (const declared of ['terminal', 'undoneBy', 'ends']) expect(event.schema).not.toHaveProperty(declared);
    }
  });
});

describe('an event', () => {
  it('has the defaults of its schema in what was left out', () => {
    const { type, data } = BoxPacked({ orderId: 'o-1' });
    expect({ type, data }).toStrictEqual({ type: 'BoxPacked', data: { orderId: 'o-1', fragile: false, note: null } });
  });

  it('says what it was told to say, whatever the default', () => {
    const data = { orderId: 'o-1', fragile: true, note: 'this side up' };
    expect(BoxPacked(data).data).toStrictEqual(data);
  });

  it('must be told what has no default', () => {
    // @ts-expect-error the order is missing
    expect(BoxPacked({}).data.orderId).toBeUndefined();
    // @ts-expect-error the customer is missing, the orchestrator may be
    OrderCreated({ orderId: 'o-1', items: [], amount: 1, currency: 'USD', paymentToken: 'tok_ok' });
  });

  it('of an order that nobody orchestrates says so by itself', () => {
    const order = { orderId: 'o-1', customerId: 'ada', items: [], amount: 1, currency: 'USD', paymentToken: 'tok_ok' };
    expect(OrderCreated(order).data.orchestrated).toBe(false);
    expect(OrderCreated({ ...order, orchestrated: true }).data.orchestrated).toBe(true);
  });
});
