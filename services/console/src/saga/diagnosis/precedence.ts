import type { DiagnosisCode } from '../../contract/diagnosis.ts';
import { brokerAway, databaseAway, registryAway } from './around.ts';
import { callRefused, callUnanswered, circuitOpen, compensationFailed } from './calls.ts';
import type { Case, Found } from './case.ts';
import { consumerAway, consumerBehind, consumerPaused, deadlineMissed, noAnswer } from './consuming.ts';
import { awaitingApproval, participantAway, stepWaiting } from './people.ts';
import { notPublished, slotLost } from './publishing.ts';
import { behindDeadLetter, deadLetter } from './set-aside.ts';

/** A cause that is looked for, and why it comes before those below it. */
export interface Rule {
  readonly code: DiagnosisCode;
  readonly find: (at: Case) => Found | null;
  readonly because: string;
}

/** The order in which causes are looked for: the first that is found is told. Decision 65 has the reasons at length. */
export const PRECEDENCE: readonly Rule[] = [
  {
    code: 'AWAITING_APPROVAL',
    find: awaitingApproval,
    because: 'A person is the cure, whatever else is away meanwhile: nothing that is mended makes the order move.',
  },
  {
    code: 'COMPENSATION_FAILED',
    find: compensationFailed,
    because: 'The outside has answered, with a no that nobody tries again: only a person can settle it.',
  },
  {
    code: 'CALL_REFUSED',
    find: callRefused,
    because: 'The outside has answered as well, and is asked again at a moment that is known.',
  },
  {
    code: 'BROKER_AWAY',
    find: brokerAway,
    because: 'Without the broker nobody hears anybody: relays wait, groups have no members, and lag cannot be told.',
  },
  {
    code: 'DATABASE_AWAY',
    find: databaseAway,
    because: 'A service without its database takes nothing in and says nothing: its relay and its calls stop with it.',
  },
  {
    code: 'SLOT_LOST',
    find: slotLost,
    because: 'It says why the outbox is not published, and often that nothing is to be done.',
  },
  {
    code: 'OUTBOX_NOT_PUBLISHED',
    find: notPublished,
    because: 'What is not on the topic can be read by nobody, however well its readers are.',
  },
  {
    code: 'CONSUMER_AWAY',
    find: consumerAway,
    because: 'A service that is away replays nothing: it is started first, and its dead letters show then.',
  },
  {
    code: 'SAGA_STEP_WAITING',
    find: participantAway,
    because: 'The same for a service that an orchestrator asks: its circuit opens only because nobody answers.',
  },
  {
    code: 'DEAD_LETTER',
    find: deadLetter,
    because: 'This message needs a person; the rest of the topic goes on, so lag has nothing to do with it.',
  },
  {
    code: 'BEHIND_DEAD_LETTER',
    find: behindDeadLetter,
    because: 'It follows by itself when the letter before it is settled.',
  },
  {
    code: 'CIRCUIT_OPEN',
    find: circuitOpen,
    because: 'It says more than one call without an answer: nobody is asking at this moment.',
  },
  {
    code: 'CALL_UNANSWERED',
    find: callUnanswered,
    because: 'The event was taken in, so its topic and group are not the cause.',
  },
  {
    code: 'REGISTRY_AWAY',
    find: registryAway,
    because: 'A reader that cannot fetch a schema falls behind: it is the cause of the lag.',
  },
  {
    code: 'CONSUMER_PAUSED',
    find: consumerPaused,
    because: 'A reader that holds itself back falls behind as well.',
  },
  {
    code: 'CONSUMER_BEHIND',
    find: consumerBehind,
    because: 'The reader reads, and nothing else explains why it has not come so far.',
  },
  {
    code: 'SAGA_STEP_WAITING',
    find: stepWaiting,
    because: 'The participant is there, and has no answer yet: its own calls would have been found above.',
  },
  { code: 'DEADLINE_MISSED', find: deadlineMissed, because: 'Nothing above holds up the service whose timer is late.' },
  { code: 'NO_ANSWER', find: noAnswer, because: 'The time is over, and nothing is known that explains it.' },
];

/** What may hold up something that the saga does not wait for any more, and that is under way all the same. */
export const STILL_UNDER_WAY: ReadonlySet<DiagnosisCode> = new Set([
  'DEAD_LETTER',
  'BEHIND_DEAD_LETTER',
  'CIRCUIT_OPEN',
  'CALL_UNANSWERED',
]);

/** The same, for what nobody waits for. */
export const NOBODY_WAITS: ReadonlySet<DiagnosisCode> = new Set([
  'DEAD_LETTER',
  'BEHIND_DEAD_LETTER',
  'OUTBOX_NOT_PUBLISHED',
  'SLOT_LOST',
]);
