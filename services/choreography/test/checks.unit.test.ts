import { describe, expect, it } from '@jest/globals';
import { type AnyEventType, events, eventType, OrderConfirmed, PaymentCompleted, PaymentFailed } from '@troupe/schemas';
import { ALLOWED, CHECKS, type CheckCode, type Choreography, check, choreographyOf } from '../src/index.ts';
import { mapOf, mapWithRow, saying, tables, withRows } from './tables.ts';

const real = mapOf();
const found = (code: CheckCode, map: Choreography) => CHECKS[code](map);
const places = (code: CheckCode, map: Choreography) => found(code, map).map(({ place }) => place);
const allowedOf = (code: CheckCode) => ALLOWED.filter((allowance) => allowance.code === code).map(({ place }) => place);

/** The map with another event, or with a changed one. */
const withEvent = (event: AnyEventType): Choreography =>
  choreographyOf(tables, { events: [...events.filter(({ messageName }) => messageName !== event.messageName), event] });

/** An event as its schema has it, with other declarations. */
function redeclared(event: AnyEventType, declared: object): AnyEventType {
  const { messageName, owner, schema, key, undoneBy, ends, terminal } = event;
  const places = Object.entries({ undoneBy, ends, terminal }).filter(([, value]) => value !== undefined);
  return eventType(messageName, owner, { ...schema, key, ...Object.fromEntries(places), ...declared });
}

describe('The production tables', () => {
  it.each(Object.keys(CHECKS) as CheckCode[])('have no fault in %s but what is allowed', (code) => {
    expect(places(code, real).sort()).toEqual(allowedOf(code).sort());
  });

  it('are right', () => {
    expect(check(real).faults).toEqual([]);
  });
});

const event = (name: string, owner: string) =>
  eventType(name, owner, {
    type: 'record',
    name,
    doc: 'Emitted to test the checks.',
    key: 'orderId',
    fields: [{ name: 'orderId', type: 'string', doc: 'The order.' }],
  });
const boxPacked = event('BoxPacked', 'shipping');

describe('EVENT_UNHEARD', () => {
  it("finds an orphan that is planted in payment's table, and says what to do", () => {
    const paymentDisputed = event('PaymentDisputed', 'payment');
    const planted = withRows('payment', (rows) =>
      rows.map((row) =>
        row.hears.messageName === 'Charge' ? saying(row, { emits: [...row.emits, paymentDisputed] }) : row,
      ),
    );
    const { faults } = check(choreographyOf(planted, { events: [...events, paymentDisputed] }));
    expect(faults).toEqual([
      {
        code: 'EVENT_UNHEARD',
        place: 'PaymentDisputed',
        text: 'payment emits PaymentDisputed (payment: Charge), but no service hears it, so nothing ever happens because of it. Add a row on(PaymentDisputed, …) to the table of the service that should act, or say in schemas/avro/payment/PaymentDisputed.avsc why nobody has to: "terminal": "…".',
      },
    ]);
  });

  it('finds an event that is declared terminal and heard all the same', () => {
    const map = withEvent(redeclared(OrderConfirmed, { terminal: 'Nobody cares.' }));
    expect(found('EVENT_UNHEARD', map)[0]?.text).toContain('Remove "terminal" from the schema.');
  });
});

describe('EVENT_UNEMITTED', () => {
  it('finds an event that a service waits for and nobody emits', () => {
    const without: Choreography = {
      ...real,
      events: real.events.map((known) => (known.name === 'InventoryFailed' ? { ...known, emittedBy: [] } : known)),
    };
    expect(places('EVENT_UNEMITTED', without)).toEqual(['InventoryFailed']);
    expect(found('EVENT_UNEMITTED', without)[0]?.text).toContain('order and payment would wait for ever');
  });

  it('finds a schema that nobody uses', () => {
    expect(places('EVENT_UNEMITTED', withEvent(boxPacked))).toEqual(['BoxPacked']);
  });
});

describe('EVENT_TWO_EMITTERS and FOREIGN_TOPIC', () => {
  const map = mapWithRow('shipping: Book', (row) => saying(row, { emits: [...row.emits, PaymentFailed] }));

  it('finds an event that two services emit', () => {
    expect(places('EVENT_TWO_EMITTERS', map)).toEqual(['PaymentFailed']);
    expect(found('EVENT_TWO_EMITTERS', map)[0]?.text).toContain('payment and shipping both emit PaymentFailed');
  });

  it("finds a service that writes on another's topic", () => {
    expect(places('FOREIGN_TOPIC', map)).toEqual(['shipping: Book → PaymentFailed']);
    expect(found('FOREIGN_TOPIC', map)[0]?.text).toContain('shipping must not write on the topic of another service');
  });
});

describe('EVENT_CYCLE', () => {
  it('finds a circle of events, beside those that are allowed', () => {
    const map = mapWithRow('order: ShipmentFailed', (row) => saying(row, { emits: [boxPacked] }));
    const packed: Choreography = {
      ...map,
      services: map.services.map((service) =>
        service.name === 'shipping'
          ? {
              ...service,
              rows: [
                ...service.rows,
                {
                  service: 'shipping',
                  hears: { kind: 'event', name: 'BoxPacked' },
                  emits: ['ShipmentFailed'],
                  starts: [],
                },
              ],
            }
          : service,
      ),
      events: [...map.events, ...choreographyOf([], { events: [boxPacked] }).events],
    };
    const fresh = places('EVENT_CYCLE', packed).filter((place) => !allowedOf('EVENT_CYCLE').includes(place));
    expect(fresh).toEqual(['BoxPacked → ShipmentFailed → BoxPacked']);
  });
});

describe('EFFECT_WITHOUT_UNDO', () => {
  it.each([
    ['payment: OrderCancelled', 'PaymentCompleted before OrderCancelled'],
    ['inventory: OrderCancelled', 'InventoryReserved before OrderCancelled'],
    ['shipping: OrderCancelled', 'ShipmentScheduled before OrderCancelled'],
  ])('finds that without the row %s something stands: %s', (row, place) => {
    expect(
      places(
        'EFFECT_WITHOUT_UNDO',
        mapWithRow(row, () => undefined),
      ),
    ).toContain(place);
  });

  it('finds an event on the way to success that does not say what undoes it', () => {
    const { undoneBy: _, ...rest } = PaymentCompleted;
    const map = withEvent(eventType('PaymentCompleted', 'payment', { ...rest.schema, key: 'orderId' }));
    expect(places('EFFECT_WITHOUT_UNDO', map)).toEqual(['PaymentCompleted']);
  });

  it('finds a step of an orchestrated saga whose compensation does not undo it', () => {
    const sagas = real.sagas.map((saga) => ({
      ...saga,
      steps: saga.steps.map(({ compensation, ...step }) =>
        step.name === 'reserve stock' || compensation === undefined ? step : { ...step, compensation },
      ),
    }));
    expect(places('EFFECT_WITHOUT_UNDO', { ...real, sagas })).toEqual(['fulfil-order 1: reserve stock']);
  });
});

describe('ANSWER_WITHOUT_DEADLINE', () => {
  it.each([
    'payment: OrderCreated',
    'inventory: PaymentCompleted',
    'shipping: InventoryReserved',
    'payment: RetryRefund',
  ])('finds that the row %s does not say by when it answers', (row) => {
    const map = mapWithRow(row, (found) => saying(found, { within: undefined }));
    expect(places('ANSWER_WITHOUT_DEADLINE', map)).toEqual([row]);
    expect(found('ANSWER_WITHOUT_DEADLINE', map)[0]?.text).toMatch(/waits? for .*Add "within" to the row/);
  });
});

describe('DEADLINE_TOO_SHORT', () => {
  const fresh = (map: Choreography) =>
    places('DEADLINE_TOO_SHORT', map).filter((place) => !allowedOf('DEADLINE_TOO_SHORT').includes(place));

  it('finds a deadline that is shorter than the sum of those below it', () => {
    const map = mapWithRow('shipping: InventoryReserved', (row) => saying(row, { within: 21_000 }));
    expect(fresh(map)).toEqual(['order: PlaceOrder → OrderDeadline']);
    const finding = found('DEADLINE_TOO_SHORT', map).find(({ place }) => place === 'order: PlaceOrder → OrderDeadline');
    expect(finding?.text).toBe(
      'The row "order: PlaceOrder" sets OrderDeadline to 60 s, but the way from there to OrderConfirmed may take 61 s: payment: OrderCreated 20 s, inventory: PaymentCompleted 10 s, shipping: InventoryReserved 21 s, order: ShipmentScheduled 10 s. So a saga would fail though each service was in time. Lower "within" of these rows, or raise the deadline.',
    );
  });

  it('finds a step that gives up before its participant has to answer', () => {
    const map = mapWithRow('shipping: ScheduleShipment', (row) => saying(row, { within: 31_000 }));
    expect(fresh(map)).toEqual(['fulfil-order 1: schedule shipment']);
  });
});

describe('ROW_UNREACHABLE', () => {
  it('finds the rows that wait for what nobody starts', () => {
    const without: Choreography = {
      ...real,
      services: real.services.map((service) => ({
        ...service,
        rows: service.rows.map((row) => ({ ...row, starts: row.starts.filter((name) => name !== 'RefundRetry') })),
      })),
    };
    expect(places('ROW_UNREACHABLE', without)).toEqual(['payment: RefundRetry']);
    expect(found('ROW_UNREACHABLE', without)[0]?.text).toContain(
      'no row that can be reached from a command starts RefundRetry',
    );
  });

  it('finds them for each style', () => {
    const map = mapWithRow('order: PlaceOrder', () => undefined);
    expect(places('ROW_UNREACHABLE', map)).toContain('payment: OrderCreated (choreographed)');
  });
});

describe('SAGA_WITHOUT_END', () => {
  it('finds that a saga never ends well', () => {
    const map = withEvent(redeclared(OrderConfirmed, { ends: undefined }));
    expect(places('SAGA_WITHOUT_END', map)).toEqual([
      'order: PlaceOrder: success',
      'order: PlaceOrchestrated: success',
    ]);
  });
});

describe('ASK_UNKNOWN', () => {
  it('finds a step that asks for what its participant does not know', () => {
    const map = mapWithRow('payment: RefundOrder', () => undefined);
    expect(places('ASK_UNKNOWN', map)).toEqual(['fulfil-order 1: undo charge payment']);
    expect(found('ASK_UNKNOWN', map)[0]?.text).toContain('asks payment for RefundOrder, which payment does not hear');
  });
});

describe('SCHEMA_INCOMPLETE', () => {
  it.each([
    ['without doc', { doc: ' ' }, 'has no "doc"'],
    ['without key', { key: 'nothing' }, 'names no field as its "key"'],
    ['of nobody', { owner: 'nobody' }, 'lies in the folder of "nobody", which is no service'],
  ])('finds a schema %s', (_, wrong, text) => {
    const events = real.events.map((event) => (event.name === 'OrderCreated' ? { ...event, ...wrong } : event));
    expect(found('SCHEMA_INCOMPLETE', { ...real, events })[0]?.text).toContain(text);
  });
});

describe('The allow list', () => {
  it('takes out what it names, with the reason', () => {
    const { allowed } = check(real);
    expect(allowed.map(({ place }) => place).sort()).toEqual(ALLOWED.map(({ place }) => place).sort());
    expect(allowed.every(({ reason }) => reason.length > 20)).toBe(true);
  });

  it('has no entry that allows nothing any more', () => {
    const stale = { code: 'EVENT_UNHEARD', place: 'OrderCreated', reason: 'It was so once.' } as const;
    expect(check(real, [...ALLOWED, stale]).faults).toEqual([
      {
        code: 'ALLOWANCE_STALE',
        place: 'OrderCreated',
        text: 'services/choreography/src/checks/allowed.ts allows EVENT_UNHEARD at "OrderCreated", which is not found any more. Remove the entry, so that it does not hide the next one.',
      },
    ]);
  });

  it('has no entry without a reason', () => {
    const silent = ALLOWED.map((allowance, at) => (at === 0 ? { ...allowance, reason: ' ' } : allowance));
    expect(check(real, silent).faults.map(({ code }) => code)).toEqual(['ALLOWANCE_WITHOUT_REASON']);
  });
});
