import { describe, expect, it } from '@jest/globals';
import { ACTS } from '../../src/acts/table.ts';
import { Board } from '../../src/board/board.ts';
import { DIAGNOSIS_CODES } from '../../src/contract/diagnosis.ts';
import type { SetAside, Work } from '../../src/contract/event.ts';
import { diagnose } from '../../src/saga/diagnosis/diagnose.ts';
import { sagasListed } from '../../src/saga/diagnosis/of-saga.ts';
import { PRECEDENCE } from '../../src/saga/diagnosis/precedence.ts';
import type { Facts, SagaInput, ServiceAnswer, ServiceFacts } from '../../src/saga/input.ts';
import { stateOf } from '../../src/saga/summary/row.ts';
import { summarize } from '../../src/saga/summary/summarize.ts';
import { whole } from '../../src/saga/whole.ts';
import {
  at,
  COMPENSATED,
  CONFIRMED,
  inputOf,
  map,
  ORDER,
  orchestrated,
  PLACED,
  positions,
  story,
  wellAt,
} from './story.ts';

type Services = Readonly<Record<string, Partial<ServiceFacts>>>;

interface Fault {
  /** The services that are not well. */
  readonly services?: Services;
  readonly around?: Partial<Facts>;
  readonly besides?: Partial<SagaInput>;
}

/** Four seconds after the last of these events. */
const after = (
  events: SagaInput['events'],
  { services = {}, around = {}, besides = {} }: Fault,
  ms = 4_000,
): SagaInput => {
  const last = Math.max(PLACED, ...events.map((event) => Date.parse(event.at)));
  const now = last + ms;
  return { ...inputOf(events, 0), facts: { ...wellAt(now, services), ...around }, now, ...besides };
};

const paid = story(...CONFIRMED.slice(0, 2));
const created = story(...CONFIRMED.slice(0, 1));
const reserved = story(...CONFIRMED.slice(0, 3));
const released = story(...COMPENSATED.slice(0, 5));
const asked = story(['OrderCreated', 0], ['PaymentApprovalRequired', 20, 'OrderCreated']);
const refundRefused = (nextAttemptAt: number | null) =>
  story(...COMPENSATED.slice(0, 5), ['PaymentRefundFailed', 520, 'InventoryReleased', { nextAttemptAt }]);

const away = { standing: 'away', since: at(0) } as const;
const unread = positions('50', '200');
const group = (service: string, besides: Partial<ServiceFacts['group']> = {}) => ({
  group: { id: service, members: 1, noMemberSince: null, positions: unread, ...besides },
});
const emptyGroup = (service: string) => group(service, { members: 0, noMemberSince: at(0) });
const noDatabase = {
  standing: 'not ready',
  reasons: { database: 'The database does not take the batch (57P03); waiting and trying again.' },
} as const;
const relay = (state: string, reason: string | null = null) => ({
  state,
  reason,
  since: at(0),
  position: '0/7C90D1B0',
});
const held = { relay: relay('standing by'), outbox: { unpublished: 214, oldestAt: at(171) } };
const broker = { broker: { awaySince: at(0), reason: 'connect ECONNREFUSED 127.0.0.1:9092' } };

const letter = (service: string, eventId: string, status: SetAside['status'], besides: Partial<SetAside> = {}) => ({
  sagaId: ORDER,
  id: `0000-${status}-9fc7884`,
  service,
  eventId,
  eventType: 'troupe.payment.PaymentCompleted',
  topic: 'payment.events',
  partition: 3,
  offset: '101',
  status,
  code: status === 'PARKED' ? null : 'AVRO_BROKEN',
  message: null,
  since: at(180),
  ...besides,
});
const call = (service: string, name: string, besides: Partial<Work> = {}) => ({
  sagaId: ORDER,
  service,
  kind: 'call' as const,
  name,
  key: ORDER,
  since: at(10),
  dueAt: at(20),
  attempts: 4,
  lastError: 'no answer in 2 s',
  isBeingMade: false,
  causationId: ORDER,
  ...besides,
});
const open = (name: string) => ({
  name,
  state: 'open' as const,
  since: at(0),
  nextTryAt: at(7_000),
  lastError: 'ECONNREFUSED',
});
const ids = (events: SagaInput['events']) => events.at(-1)?.id ?? '';
const unpublished = (service: string, type: string, eventId: string, refused: string | null = null): ServiceAnswer => ({
  service,
  received: [],
  work: [],
  setAside: [],
  unpublished: [{ eventId, type, since: at(0), causationId: ORDER, refused }],
});
const stepping = (lastError: string) => ({
  status: 'STARTED',
  cause: null,
  asking: { step: 'charge payment', attempts: 3, lastError },
  steps: [],
});

/** What order says whose deadline is set to this moment. */
const timed = (ms: number): ServiceAnswer => ({
  service: 'order',
  received: [],
  work: [{ ...call('order', 'OrderDeadline', { dueAt: at(ms), lastError: null }), kind: 'timer' }],
  setAside: [],
  unpublished: [],
});

/** What is wrong, and the code that it has to have. `null`: nothing is. */
const TABLE: readonly (readonly [what: string, code: string | null, input: SagaInput])[] = [
  ['all is well', null, after(paid, {}, 1_000)],
  [
    'all is well, and the answer takes a second',
    null,
    after(paid, { services: { inventory: group('inventory') } }, 1_000),
  ],
  ['confirmed', null, after(story(...CONFIRMED), {}, 100_000)],
  ['cancelled, all undone', null, after(story(...COMPENSATED), {}, 100_000)],
  [
    'nobody of the consumer group reads',
    'CONSUMER_AWAY',
    after(paid, { services: { inventory: emptyGroup('inventory') } }),
  ],
  [
    'the service does not answer',
    'CONSUMER_AWAY',
    after(paid, { services: { inventory: { ...away, ...group('inventory') } } }),
  ],
  ['the service died while its call was under way', 'CONSUMER_AWAY', after(created, { services: { payment: away } })],
  ['the reader is behind', 'CONSUMER_BEHIND', after(paid, { services: { inventory: group('inventory') } })],
  [
    'the reader holds itself back',
    'CONSUMER_PAUSED',
    after(paid, {
      services: {
        inventory: {
          ...group('inventory'),
          consumer: { state: 'held back', since: at(0), reason: 'Its inbox is younger than the topic.' },
        },
      },
    }),
  ],
  ['the broker is away', 'BROKER_AWAY', after(paid, { around: broker })],
  [
    'the database of the reader is away',
    'DATABASE_AWAY',
    after(paid, { services: { inventory: { ...noDatabase, ...group('inventory') } } }),
  ],
  [
    'the registry is away, and the reader lacks a schema',
    'REGISTRY_AWAY',
    after(paid, {
      services: { inventory: { ...group('inventory'), reasons: { registry: 'A schema cannot be fetched.' } } },
      around: { registry: { awaySince: at(0), reason: 'ECONNREFUSED' } },
    }),
  ],
  [
    'the registry is away, and nobody needs it',
    null,
    after(paid, { around: { registry: { awaySince: at(0), reason: '' } } }, 1_000),
  ],
  [
    'the relay of the first service is held',
    'OUTBOX_NOT_PUBLISHED',
    after([], {
      services: { order: held },
      besides: { answers: [unpublished('order', 'OrderCreated', ORDER)] },
    }),
  ],
  [
    'the relay of the reader is held, and its answer with it',
    'OUTBOX_NOT_PUBLISHED',
    after(paid, { services: { inventory: held } }),
  ],
  [
    'the broker refuses the record',
    'OUTBOX_NOT_PUBLISHED',
    after(paid, {
      besides: { answers: [unpublished('inventory', 'InventoryReserved', 'reserved', 'the message is too large')] },
    }),
  ],
  [
    'the slot is lost',
    'SLOT_LOST',
    after(paid, { services: { inventory: { ...held, relay: relay('recovering', 'The replication slot was lost.') } } }),
  ],
  [
    'a dead letter',
    'DEAD_LETTER',
    after(paid, { services: { inventory: { setAside: [letter('inventory', ids(paid), 'DEAD')] } } }),
  ],
  [
    'parked behind a dead letter',
    'BEHIND_DEAD_LETTER',
    after(paid, {
      services: {
        inventory: { setAside: [letter('inventory', 'another', 'DEAD'), letter('inventory', ids(paid), 'PARKED')] },
      },
    }),
  ],
  [
    'a dead letter of a message that no step waits for',
    'DEAD_LETTER',
    after(
      paid,
      {
        services: { order: { setAside: [letter('order', ids(paid), 'DEAD')] } },
      },
      1_000,
    ),
  ],
  [
    'the provider does not answer',
    'CALL_UNANSWERED',
    after(created, { services: { payment: { calls: [call('payment', 'Charge')] } } }),
  ],
  [
    'the provider takes a second',
    null,
    after(
      created,
      {
        services: { payment: { calls: [call('payment', 'Charge', { lastError: null, attempts: 1 })] } },
      },
      1_600,
    ),
  ],
  [
    'the circuit of the carrier is open',
    'CIRCUIT_OPEN',
    after(reserved, {
      services: { shipping: { calls: [call('shipping', 'Book')], circuits: [open('Book')] } },
    }),
  ],
  [
    'the circuit of the carrier was open before it was asked',
    'CIRCUIT_OPEN',
    after(reserved, { services: { shipping: { circuits: [open('Book')] } } }),
  ],
  [
    'a timer that its service lists as late, with a deadline of its own',
    'DEADLINE_MISSED',
    after(
      story(['OrderCreated', 0]),
      {
        services: { order: { lateTimers: [{ name: 'OrderDeadline', sagaId: ORDER, dueAt: at(5_000) }] } },
        besides: { answers: [timed(5_000)] },
      },
      16_000,
    ),
  ],
  ['a person has to approve', 'AWAITING_APPROVAL', after(asked, {}, 10)],
  [
    'a person has approved, and the provider does not answer',
    'CALL_UNANSWERED',
    after(asked, { services: { payment: { calls: [call('payment', 'Charge')] } } }),
  ],
  [
    'the provider refuses the refund, and is asked again',
    'CALL_REFUSED',
    after(refundRefused(PLACED + 60_000), {}, 10),
  ],
  [
    'the provider refuses the refund, and nobody tries any more',
    'COMPENSATION_FAILED',
    after(refundRefused(null), {}, 10),
  ],
  [
    'an orchestrator asks, and has no answer',
    'SAGA_STEP_WAITING',
    after(orchestrated(CONFIRMED.slice(0, 1)), { besides: { log: stepping('fetch failed') } }),
  ],
  [
    'whom an orchestrator asks is away',
    'SAGA_STEP_WAITING',
    after(orchestrated(CONFIRMED.slice(0, 1)), { services: { payment: away } }),
  ],
  [
    'an orchestrator asks, and the provider does not answer',
    'CALL_UNANSWERED',
    after(orchestrated(CONFIRMED.slice(0, 1)), {
      services: { payment: { calls: [call('payment', 'Charge')] } },
      besides: { log: stepping('it is being charged') },
    }),
  ],
  [
    'an event that no table declares',
    'UNEXPECTED_EVENT',
    after(story(...CONFIRMED.slice(0, 1), ['ShipmentScheduled', 20, 'OrderCreated']), {}, 1_000),
  ],
  [
    'the timer of the deadline is late',
    'DEADLINE_MISSED',
    after(story(['OrderCreated', 0]), { besides: { answers: [timed(60_000)] } }, 70_000),
  ],
  [
    'the deadline is set to a later time than the tables say: its timer is not late',
    'NO_ANSWER',
    after(story(['OrderCreated', 0]), { besides: { answers: [timed(600_000)] } }, 70_000),
  ],
  ['the time is over, and nothing is known', 'NO_ANSWER', after(paid, {}, 12_000)],

  // Combinations: one cause is told, the nearest to the root.
  [
    'consumer stopped and dead letter ahead',
    'CONSUMER_AWAY',
    after(paid, {
      services: { inventory: { ...emptyGroup('inventory'), setAside: [letter('inventory', 'another', 'DEAD')] } },
    }),
  ],
  [
    'consumer runs and dead letter ahead',
    'BEHIND_DEAD_LETTER',
    after(paid, {
      services: { inventory: { ...group('inventory'), setAside: [letter('inventory', 'another', 'DEAD')] } },
    }),
  ],
  [
    'relay held and broker away',
    'BROKER_AWAY',
    after([], {
      services: { order: held },
      around: broker,
      besides: { answers: [unpublished('order', 'OrderCreated', ORDER)] },
    }),
  ],
  [
    'broker away and the consumer stopped',
    'BROKER_AWAY',
    after(paid, { services: { inventory: away }, around: broker }),
  ],
  [
    'database away, and so behind',
    'DATABASE_AWAY',
    after(paid, { services: { inventory: { ...noDatabase, ...group('inventory') } } }, 30_000),
  ],
  [
    'database away, and its relay broken',
    'DATABASE_AWAY',
    after(paid, { services: { inventory: { ...noDatabase, ...held, relay: relay('broken') } } }),
  ],
  [
    'registry away, and so behind',
    'REGISTRY_AWAY',
    after(
      paid,
      {
        services: { inventory: { ...group('inventory'), reasons: { registry: 'A schema cannot be fetched.' } } },
      },
      30_000,
    ),
  ],
  [
    'another service is away, and the reader is behind',
    'CONSUMER_BEHIND',
    after(paid, { services: { inventory: group('inventory'), payment: away } }),
  ],
  [
    'another service is behind, and the reader is away',
    'CONSUMER_AWAY',
    after(paid, { services: { inventory: emptyGroup('inventory'), shipping: group('shipping') } }),
  ],
  ['an approval is awaited while the broker is away', 'AWAITING_APPROVAL', after(asked, { around: broker })],
  [
    'the refund cannot be undone while the provider is away',
    'COMPENSATION_FAILED',
    after(refundRefused(null), { services: { payment: { circuits: [open('Refund')] } } }),
  ],
  [
    'a refund on the way back that the provider does not answer',
    'CALL_UNANSWERED',
    after(released, {
      services: { payment: { calls: [call('payment', 'Refund', { since: at(400) })] } },
    }),
  ],
  [
    'cancelled while the provider does not answer',
    'CALL_UNANSWERED',
    after(story(['OrderCreated', 0], ['OrderCancelled', 60_000, 'OrderCreated']), {
      services: { payment: { calls: [call('payment', 'Charge')] } },
    }),
  ],
  [
    'confirmed, and the mail server does not answer',
    'CALL_UNANSWERED',
    after(
      story(...CONFIRMED.slice(0, 5)),
      { services: { notification: { calls: [call('notification', 'SendMail', { since: at(400) })] } } },
      70_000,
    ),
  ],
  [
    'confirmed, and nobody can tell its customer: its end is a dead letter',
    'DEAD_LETTER',
    after(story(...CONFIRMED.slice(0, 5)), {
      services: { notification: { setAside: [letter('notification', ids(story(...CONFIRMED.slice(0, 5))), 'DEAD')] } },
    }),
  ],
  [
    'the order stands in an outbox alone, and its broker refuses it',
    'OUTBOX_NOT_PUBLISHED',
    after([], { besides: { answers: [unpublished('order', 'OrderCreated', ORDER, 'MESSAGE_TOO_LARGE')] } }),
  ],
  [
    'confirmed, and the relay that has to tell it is held',
    'OUTBOX_NOT_PUBLISHED',
    after(story(...CONFIRMED.slice(0, 4)), {
      services: { order: held },
      besides: {
        answers: [
          {
            ...unpublished('order', 'OrderConfirmed', 'confirmed'),
            unpublished: [
              {
                eventId: 'confirmed',
                type: 'OrderConfirmed',
                since: at(400),
                causationId: ids(story(...CONFIRMED.slice(0, 4))),
                refused: null,
              },
            ],
          },
        ],
      },
    }),
  ],
  [
    'cancelled before payment took it in',
    null,
    after(
      story(['OrderCreated', 0], ['OrderCancelled', 60, 'OrderCreated'], ['NotificationSent', 90, 'OrderCancelled']),
      {},
      200_000,
    ),
  ],
  [
    'the deadline is over, and order is away as well',
    'CONSUMER_AWAY',
    after(story(['OrderCreated', 0]), { services: { order: away } }, 70_000),
  ],
];

/** Only who asks the orchestrator about one saga knows of it. */
const ONLY_WHOLE = new Set(['an orchestrator asks, and has no answer']);

/** What services say of one saga, as they list it among all. */
function listed({ facts, answers, now }: SagaInput): Facts {
  const services = { ...facts.services };
  const ofSaga = <One extends object>(one: One) => ({ ...one, sagaId: ORDER });
  for (const { service, work, setAside, unpublished: unsent } of answers) {
    const known = services[service] as ServiceFacts;
    services[service] = {
      ...known,
      calls: [...known.calls, ...work.filter(({ kind }) => kind === 'call').map(ofSaga)],
      setAside: [...known.setAside, ...setAside.map(ofSaga)],
      unpublished: unsent.map(ofSaga),
      lateTimers: work.filter(({ kind, dueAt }) => kind === 'timer' && Date.parse(dueAt) < now).map(ofSaga),
    };
  }
  return { ...facts, services };
}

/** How the list tells it. */
function inTheList(input: SagaInput) {
  const { events, now } = input;
  const facts = listed(input);
  const board = new Board(map);
  const isListed = [...sagasListed(facts)].includes(ORDER);
  if (events.length > 0) board.put([summarize(events, map)]);
  board.list(new Map(isListed ? [[ORDER, events]] : []));
  board.look(facts, now);
  const [shown] = board.judged();
  const ended = () => ({ summary: summarize(events, map), diagnosis: board.find(ORDER)?.diagnosis ?? null });
  const { summary, diagnosis } = shown ?? ended();
  return { code: diagnosis?.code ?? null, state: stateOf(summary, diagnosis) };
}

describe('The diagnosis', () => {
  it.each(TABLE)('%s: %s', (_, code, input) => {
    expect(diagnose(input)?.code ?? null).toBe(code);
  });

  it.each(TABLE.filter(([what]) => !ONLY_WHOLE.has(what)))(
    'of a list row, which stands as the whole saga does: %s: %s',
    (_, code, input) => {
      expect(inTheList(input)).toEqual({ code, state: whole(input).state });
    },
  );

  it('has a case for every code, and a reason for the place of each', () => {
    const found = new Set(TABLE.map(([, code]) => code));
    expect(DIAGNOSIS_CODES.filter((code) => !found.has(code))).toEqual([]);
    expect(new Set(PRECEDENCE.map(({ because }) => because)).size).toBe(PRECEDENCE.length);
  });

  it.each(TABLE.filter(([, code]) => code !== null))('is written in whole sentences: %s', (_, __, input) => {
    const { sentence = '', known = '', remedy = '', causeKey } = diagnose(input) ?? {};
    for (const text of [sentence, known, remedy].filter((part) => part !== '')) {
      expect(text).toMatch(/[.”]$/);
      expect(text).not.toMatch(/undefined|null|NaN|\.\.|: *\.| {2}|please|sorry|!/i);
    }
    expect(causeKey).toMatch(/^[A-Z_]+(\/.+)?$/);
  });

  it('offers acts that there are, with what each of them needs', () => {
    const offered = TABLE.flatMap(([, , input]) => diagnose(input)?.actions ?? []).filter(
      (action) => action.kind === 'act',
    );
    expect(new Set(offered.map(({ act }) => act)).size).toBeGreaterThanOrEqual(8);
    for (const { act, params, danger, needsReason } of offered) {
      const known = ACTS.find(({ name }) => name === act);
      // Who acts for a customer is looked up by the order.
      const missing = known?.params.filter((name) => name !== 'customerId' && params[name] === undefined);
      expect({ act, missing, danger, needsReason }).toEqual({
        act: known?.name,
        missing: [],
        danger: known?.danger,
        needsReason: known?.needsReason,
      });
    }
  });

  it('names who owes what since when, and why', () => {
    const fault = { services: { inventory: emptyGroup('inventory') } };
    expect(diagnose(after(paid, fault, 42_000))).toMatchObject({
      sentence:
        '**inventory** has not answered **PaymentCompleted** for **42 s** (10 s allowed): consumer group **inventory** is **750** messages behind.',
      known:
        'No member since 02:13:07. Start inventory and it catches up, nothing to replay. Otherwise the order cancels itself in 18 s and refunds $85.98.',
      causeKey: 'CONSUMER_AWAY/inventory/PaymentCompleted',
      tone: 'alarm',
      actions: [{ label: 'Open inventory' }, { label: 'Cancel order…', act: 'cancel-order' }],
    });
  });
});
