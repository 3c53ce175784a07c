import { describe, expect, it } from '@jest/globals';
import { type Branch, find, graphOf, type Message, whatFollows, whatLeadsTo } from '../src/index.ts';
import { nearest } from '../src/walk/nearest.ts';
import { mapOf } from './tables.ts';

const map = mapOf();
const choreographed = graphOf(map, 'choreographed');
const event = (name: string, service: string): Message => ({ kind: 'event', name, service });

/** Every message of a tree, depth first; one that is not followed again has a tail. */
function flat({ message, seen, rows, overHttp }: Branch): string[] {
  const below = [...overHttp, ...rows.flatMap(({ messages }) => messages)];
  return [`${message.name}${seen ? ' ↑' : ''}`, ...below.flatMap(flat)];
}

describe('What follows from a message', () => {
  it('is followed to the end, and nothing is followed twice', () => {
    const [tree] = whatFollows(choreographed, [event('ShipmentScheduled', 'shipping')]);
    expect(flat(tree as Branch)).toEqual([
      'ShipmentScheduled',
      'OrderConfirmed',
      'Send',
      'NotificationSent',
      'NotificationFailed',
    ]);
    const [failure] = whatFollows(choreographed, [event('PaymentFailed', 'payment')]);
    const names = flat(failure as Branch);
    expect(names.filter((name) => name === 'OrderCancelled')).toHaveLength(1);
    expect(names).toContain('PaymentFailed ↑');
    expect(names).toContain('OrderCancelled ↑');
  });

  it('does not go to the commands of participants in a choreographed saga, and does in an orchestrated one', () => {
    const place: Message = { kind: 'command', name: 'PlaceOrchestrated', service: 'order' };
    const [tree] = whatFollows(graphOf(map, 'orchestrated'), [place]);
    expect(flat(tree as Branch)).toEqual(expect.arrayContaining(['ChargePayment', 'ChargeOrder', 'PaymentCompleted']));
    expect(whatFollows(choreographed, [place])[0]?.rows).toEqual([]);
  });
});

describe('What leads to a message', () => {
  it('goes back to what somebody outside asks', () => {
    const [tree] = whatLeadsTo(choreographed, [event('PaymentCompleted', 'payment')]);
    expect(flat(tree as Branch)).toEqual([
      'PaymentCompleted',
      'Charge',
      'OrderCreated',
      'PlaceOrder',
      'DecideApproval',
    ]);
  });
});

describe('A name', () => {
  it('is found whatever its case, as a service or as all messages that have it', () => {
    expect(find(map, 'Payment')).toEqual({ service: 'payment' });
    expect(find(map, 'paymentfailed')).toEqual({ messages: [event('PaymentFailed', 'payment')] });
    expect(find(map, 'ScheduleShipment')).toEqual({
      messages: [
        { kind: 'call', name: 'ScheduleShipment', service: 'order' },
        { kind: 'command', name: 'ScheduleShipment', service: 'shipping' },
      ],
    });
  });

  it('that is not there suggests those that are near', () => {
    expect(find(map, 'PaymentFaild')).toEqual({ nearest: ['PaymentFailed'] });
    expect(nearest('Refund', ['PaymentRefunded', 'Charge'])).toEqual(['PaymentRefunded']);
    expect(nearest('Unlike anything', ['Charge', 'Book'])).toEqual([]);
  });
});
