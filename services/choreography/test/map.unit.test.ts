import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { theChoreography } from '../src/index.ts';

const map = await theChoreography();
const rowsOf = (name: string) => map.services.flatMap(({ rows }) => rows).filter((row) => nameOf(row) === name);
const nameOf = ({ service, hears }: { service: string; hears: { name: string } }) => `${service}: ${hears.name}`;
const eventOf = (name: string) => map.events.find((event) => event.name === name);

describe('The map', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../docs/choreography.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
  const document = (): Record<string, unknown> => JSON.parse(JSON.stringify(map));

  it('is what docs/choreography.schema.json describes', () => {
    validate(document());
    expect(validate.errors).toBeNull();
  });

  it('is not what the schema describes when a part is missing or unknown', () => {
    const { sagas: _, ...less } = document();
    expect(validate(less)).toBe(false);
    expect(validate({ ...document(), more: 1 })).toBe(false);
    expect(validate({ ...document(), format: 2 })).toBe(false);
  });

  it('has every service with what it does', () => {
    expect(map.services.map(({ name }) => name)).toEqual(serviceNames);
    for (const { doc } of map.services) expect(doc).toMatch(/^[A-Z].*\.$/);
  });

  it('says what a row does of its own in a choreographed saga, apart from what an orchestrator may do', () => {
    expect(rowsOf('order: PaymentApprovalRequired')).toEqual([
      expect.objectContaining({ style: 'choreographed', emits: [], starts: ['OrderDeadline'] }),
      expect.objectContaining({ style: 'orchestrated', emits: [] }),
    ]);
    expect(eventOf('OrderConfirmed')?.emittedBy).toEqual([
      'order: ShipmentScheduled',
      'order: ScheduleShipment',
      'order: SagaClock',
      'order: RetrySaga',
      'order: CompensateSaga',
      'order: ResolveSaga',
    ]);
  });

  it('has one row for both styles where they are alike', () => {
    expect(rowsOf('payment: Charge')).toHaveLength(1);
    expect(rowsOf('payment: Charge')[0]).not.toHaveProperty('style');
    expect(rowsOf('payment: OrderCreated')).toMatchObject([{ style: 'choreographed', withinMs: 20_000 }]);
  });

  it('has what the schemas say of the place of an event', () => {
    expect(eventOf('PaymentCompleted')).toMatchObject({
      undoneBy: 'PaymentRefunded',
      owner: 'payment',
      key: 'orderId',
    });
    expect(eventOf('OrderConfirmed')).toMatchObject({ ends: 'success' });
    expect(eventOf('NotificationSent')).toMatchObject({
      terminal: expect.stringContaining('Nobody waits'),
      heardBy: [],
    });
    expect(eventOf('OrderCreated')?.fields).toContainEqual({ name: 'amount', type: '"long"', optional: false });
  });

  it('has the delays of timers with default settings', () => {
    const delays = Object.fromEntries(map.timers.map(({ name, afterMs }) => [name, afterMs]));
    expect(delays).toEqual({
      OrderDeadline: 60_000,
      SagaClock: undefined,
      RefundRetry: 5_000,
      ApprovalExpiry: 900_000,
      CancelRetry: 5_000,
    });
  });

  it('has the steps of an orchestrated saga, whom they ask and what undoes them', () => {
    expect(map.sagas).toMatchObject([{ name: 'fulfil-order', version: 1, service: 'order' }]);
    expect(map.sagas[0]?.steps[1]).toEqual({
      name: 'charge payment',
      asks: { call: 'ChargePayment', service: 'payment', command: 'ChargeOrder' },
      emits: [],
      withinMs: 30_000,
      compensation: {
        name: 'undo charge payment',
        asks: { call: 'RefundPayment', service: 'payment', command: 'RefundOrder' },
        emits: [],
        withinMs: 60_000,
      },
    });
  });
});
