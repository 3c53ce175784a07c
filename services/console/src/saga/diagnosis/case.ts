import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { SetAside, Work } from '../../contract/event.ts';
import type { Money, SagaLogView } from '../../contract/saga.ts';
import type { Facts, ServiceFacts } from '../input.ts';

/** What one saga waits for, with all that may hold it up: what the rules of the diagnosis look at. */
export interface Case {
  readonly orderId: string;
  readonly now: number;
  readonly facts: Facts;
  readonly waits: Waits;
  /** How far the event has come that is to be answered. */
  readonly stage: Stage;
  /** Of this saga, at any service. */
  readonly setAside: readonly SetAside[];
  readonly calls: readonly Work[];
  readonly refused: ServiceFacts['refused'];
  readonly log: SagaLogView | null;
  /** When the order cancels itself. */
  readonly deadlineAt: number | null;
  /** Whose timer that is. */
  readonly deadlineBy: string;
  /** What was taken for it and would go back. */
  readonly paid: Money | null;
  /** Said of many sagas with one cause: then without what only one of them has. */
  readonly isMany: boolean;
}

/**
 * `outbox`: who said it has not published it. `topic`: its reader has not taken it in. `taken`: it has. `set aside`: as a dead
 * letter, or behind one. `asked`: no event is waited for, but what an orchestrator asks, or a person.
 */
export type Stage = 'outbox' | 'topic' | 'taken' | 'set aside' | 'asked';

export interface Waits {
  readonly kind: 'answer' | 'decision' | 'undo again' | 'step' | 'timer';
  /** Who owes. */
  readonly service: string;
  readonly hears: string;
  readonly hearsId: string;
  /** Who said what is to be answered. */
  readonly saidBy: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly oneOf: readonly string[];
  readonly since: number;
  readonly dueAt: number | null;
  readonly withinMs: number | null;
  readonly calls: readonly string[];
  readonly orchestrator: string | null;
  readonly isBack: boolean;
  readonly detail: string | null;
}

/** A cause, and how it is told. */
export interface Found {
  readonly service: string | null;
  readonly sentence: string;
  readonly known: string;
  readonly remedy: string;
  readonly actions: Diagnosis['actions'];
  /** What the sagas of one cause have in common besides the code and the service. */
  readonly about: string;
  readonly tone: 'alarm' | 'caution';
}

/** So long a step may take before anything is called a cause: an order in motion takes less. */
export const GRACE_MS = 1_500;

export const readerOf = ({ facts, waits }: Case): ServiceFacts | undefined => facts.services[waits.service];
export const waitedMs = ({ now, waits }: Case): number => now - waits.since;
export const isOverdue = ({ now, waits }: Case): boolean => waits.dueAt !== null && waits.dueAt < now;
/** The calls of this saga that who owes the step has begun. */
export const callsOf = ({ calls, waits }: Case): readonly Work[] =>
  calls.filter(({ service, kind }) => service === waits.service && kind === 'call');
export const isAsking = (at: Case): boolean => callsOf(at).length > 0;
/** Whether a fault is old enough to be more than a look at a bad moment. */
export const hasLasted = (since: string | null, now: number): boolean =>
  since !== null && now - Date.parse(since) >= GRACE_MS;

/** Nothing is waited for. */
export const nothingSince = (since: number): Waits => ({
  kind: 'answer',
  service: '',
  hears: '',
  hearsId: '',
  saidBy: '',
  topic: '',
  partition: -1,
  offset: '-1',
  oneOf: [],
  since,
  dueAt: null,
  withinMs: null,
  calls: [],
  orchestrator: null,
  isBack: false,
  detail: null,
});
