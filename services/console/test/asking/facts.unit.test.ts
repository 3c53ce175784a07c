import { expect, it } from '@jest/globals';
import { serviceAnswer } from '../../src/asking/progress.ts';
import { asking, page, refusesToConnect, StandInCluster, says, stored, T, tell } from './asked.ts';

const SAGA = '01a1fd37-62cd-7000-8000-54f2e86ecfbc';
const EVENT = '01a1fd37-62cd-7000-8000-000000000001';

const call = {
  kind: 'call' as const,
  name: 'Charge',
  key: SAGA,
  sagaId: SAGA,
  causationId: EVENT,
  since: T,
  attempts: 3,
  lastError: 'timeout',
  nextAttemptAt: T,
  isBeingMade: false,
};
const letter = {
  id: EVENT,
  status: 'DEAD' as const,
  topic: 'order.events',
  partition: 0,
  offset: '7',
  eventId: EVENT,
  eventType: 'troupe.order.OrderCreated',
  key: SAGA.toUpperCase(),
  code: 'ID_SPELLING',
  message: 'in upper case',
  since: T,
};

it('the facts are what each part said last, by saga', async () => {
  const cluster = new StandInCluster();
  cluster.ends = { 'order.events': ['10'] };
  cluster.committed = { payment: { 'order.events/0': '7' } };
  cluster.members = { payment: 0 };
  const of = asking(cluster);
  await of.broker.look(() => new Date(T));
  const refused = [
    { id: EVENT, kind: 'EVENT' as const, topic: 't', key: SAGA, code: 'TOO_LARGE', message: null, since: T },
    { id: SAGA, kind: 'DEAD_LETTER' as const, topic: 't', key: SAGA, code: 'TOO_LARGE', message: null, since: T },
  ];
  const held = { ...stored, unanswered: [call, { ...call, kind: 'timer' as const }], letters: [letter] };
  const reasons = [{ part: 'kafka', reason: 'It is away.', since: T }];
  tell(of, 'payment', says(page('payment', { reasons, stored: { ...held, outbox: { ...stored.outbox, refused } } })));
  expect(of.facts().services.payment).toMatchObject({
    standing: 'not ready',
    reasons: { kafka: 'It is away.' },
    reasonsSince: { kafka: T },
    consumer: { state: 'member' },
    group: { members: 0, noMemberSince: T, positions: { 'order.events/0': { committed: '7', end: '10' } } },
    calls: [{ service: 'payment', name: 'Charge', sagaId: SAGA, dueAt: T, attempts: 3 }],
    setAside: [{ service: 'payment', sagaId: SAGA, eventType: 'OrderCreated', code: 'ID_SPELLING' }],
    refused: [{ sagaId: SAGA, eventId: EVENT, reason: 'TOO_LARGE' }],
  });
});

it('of a service that is away nothing that waits is told, only that it is away, and why', () => {
  const of = asking();
  tell(of, 'payment', says(page('payment', { stored: { ...stored, unanswered: [call] } })));
  tell(of, 'payment', refusesToConnect);
  const { calls, reasons, standing, consumer } = of.facts().services.payment ?? {};
  expect({ calls, reasons, standing, consumer }).toEqual({
    calls: [],
    reasons: { answer: 'connect ECONNREFUSED 127.0.0.1:3003' },
    standing: 'away',
    consumer: undefined,
  });
});

it('what a service cannot tell to be published, and stands on its topic, is not told as unpublished', () => {
  const other = '01a1fd37-62cd-7000-8000-000000000002';
  const unpublished = [EVENT, other].map((eventId) => {
    return { eventId, type: 'troupe.payment.PaymentCompleted', causationId: EVENT, since: T, refused: null };
  });
  const said = { service: 'payment', received: [], tasks: [call], letters: [letter], unpublished };
  expect(serviceAnswer('payment', said, new Set([EVENT]))).toMatchObject({
    work: [{ name: 'Charge' }],
    setAside: [{ eventType: 'OrderCreated' }],
    unpublished: [{ eventId: other, type: 'PaymentCompleted' }],
  });
});

it('a service that does not answer for a saga is a gap with a sentence', async () => {
  const of = asking();
  for (const { service } of of.services) tell(of, service.name, refusesToConnect);
  const { answers, gaps } = await of.progress(SAGA, []);
  expect(answers).toEqual([]);
  expect(gaps[1]).toBe(
    'payment does not answer (connect ECONNREFUSED 127.0.0.1:3003): what it has taken in and what it holds is not shown.',
  );
});
