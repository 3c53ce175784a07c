import type { Context } from '@opentelemetry/api';
import type { KafkaRecord } from '../kafka/record.ts';
import type { OperatorAct } from '../rules/operator-act.ts';
import type { Answer, CommandResult } from './answer.ts';
import type { IdempotencyClaim } from './commands.ts';
import type { PendingTask } from './pending-task.ts';

interface Message {
  /** Message name, as in the reaction table. */
  readonly type: string;
  /** The saga key: that of the event, or what the command or task declared. */
  readonly key: string;
  readonly data: unknown;
  /**
   * What the events caused by this message carry as `ce_causationid`: of an event its own id. Of a command the step that an
   * orchestrator names, or else the first event of the saga, whose id is the saga's. Of a call or timer what led to it.
   */
  readonly causationId: string;
  /**
   * How deep that cause lies in the tree of causes, so that what follows from this message lies one deeper: 1 is the first event
   * of a saga. Of an event its own depth; of a command what an orchestrator says, or else 1; of a call or timer that of what set
   * it, however often it is set again.
   */
  readonly depth: number;
  readonly correlationId: string;
  /** The producing context: parent of the span in which this message is handled. */
  readonly parent: Context;
}

/** What is known of a message that was set aside before and is handled again. */
export interface DeadLetter {
  /** The `dead_letter` row. */
  readonly id: string;
  /** Where it stands among those of its topic and key. */
  readonly position: number;
  /** PARKED: it never failed itself. */
  readonly status: 'DEAD' | 'PARKED' | 'QUARANTINED';
  /** How often it was handled again before. */
  readonly replays: number;
  /** Its record could not be kept whole: why not, and what stands for its key. It cannot be handled from here. */
  readonly reduced?: { readonly because: string; readonly keyHash: string | undefined };
}

interface FromTopic {
  readonly record: KafkaRecord;
  /** Absent when it comes from the topic itself. */
  readonly deadLetter?: DeadLetter;
}

/** An event, decoded. Its id is the inbox key. */
export interface IncomingEvent extends Message, FromTopic {
  readonly kind: 'event';
  readonly id: string;
  /** Over the value's bytes; the same id with another hash is an alarm, not a duplicate. */
  readonly payloadHash: Buffer;
}

/** The answer of a call, or a timer that went off. Its id is that of the `task` row, deleted when it takes effect. */
export interface IncomingTask extends Message {
  readonly kind: 'call' | 'timer';
  readonly id: string;
}

export interface IncomingCommand extends Message {
  readonly kind: 'command';
  readonly claim: IdempotencyClaim | undefined;
  /** Reaches the audit trail if the command is decided, or ends a call: not when it is ignored, refused or replayed. */
  readonly act?: OperatorAct | undefined;
  /** The pending call that it ends. Its data is what that call's answer would be, and its rule that of the answer. */
  readonly ends?: PendingTask | undefined;
  /** Whether nobody waits for the answer any more. */
  isAbandoned?(): boolean;
  answer(result: CommandResult<never>): Answer;
}

/**
 * A record that cannot be handled, and why: it could not be decoded, or what it caused could not be stored. It is set
 * aside in the transaction of its neighbours.
 */
export interface Poison extends FromTopic {
  readonly kind: 'poison';
  readonly code: string;
  readonly reason: string;
  /** Why it cannot be kept whole either: only its place and hashes are. */
  readonly reducedBecause?: string;
}

/** A message that a rule can handle. */
export type Reactable = IncomingEvent | IncomingTask | IncomingCommand;

/** Anything the batch loop can put into a batch. */
export type Incoming = IncomingEvent | IncomingTask | IncomingCommand | Poison;

/** What one message of a batch came to. Known to the outside only after the commit. */
export type Outcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'answered'; readonly answer: Answer; readonly replayed?: true }
  | { readonly kind: 'refused'; readonly error: Error }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'duplicate' }
  /** It waits behind an earlier message of its topic and key that could not be handled. */
  | { readonly kind: 'parked' }
  | { readonly kind: 'dead'; readonly code: string; readonly reason: string };
