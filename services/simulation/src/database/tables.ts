import type {
  DeadRecord,
  KafkaRecord,
  KeptAnswer,
  NewTask,
  OperatorAct,
  OutboxRow,
  RefusedRecord,
  Settlement,
} from '@troupe/chassis/internal';

export interface InboxRow {
  readonly payloadHash: Buffer;
  ignoredBecause?: string;
}

export interface StoredEvent extends OutboxRow {
  readonly position: number;
  readonly source: string;
}
export interface StoredDeadLetter extends DeadRecord {
  readonly id: string;
  readonly position: number;
  readonly service: string;
}

export interface StoredTask extends Omit<NewTask, 'delayMs' | 'leased'> {
  readonly dueAt: number;
  readonly leasedUntil: number | undefined;
}

export interface DeadLetterRow {
  readonly id: string;
  readonly position: number;
  readonly record: KafkaRecord;
  /** Of the record as it came: a redelivery has the same. */
  readonly identity: string;
  /** Of its key; undefined without one. */
  readonly keyHash: string | undefined;
  readonly reducedBecause: string | undefined;
  readonly status: Settlement['status'] | 'DISCARDED';
  readonly replays: number;
}

export interface KeptRefusedRecord extends RefusedRecord {
  readonly wanted?: 'retry' | 'discard' | undefined;
}

/** What a service has committed. */
export class Tables {
  readonly rows = new Map<string, unknown>();
  readonly inbox = new Map<string, InboxRow>();
  readonly outbox: StoredEvent[] = [];
  readonly deadLetterOutbox: StoredDeadLetter[] = [];
  /** By name and key. */
  readonly tasks = new Map<string, StoredTask>();
  /** By id, in the order of their positions. */
  readonly deadLetters = new Map<string, DeadLetterRow>();
  readonly answers = new Map<string, KeptAnswer>();
  readonly acts: OperatorAct[] = [];
  /** By outbox and position. */
  readonly refusedRecords = new Map<string, KeptRefusedRecord>();
}

export const isOpen = ({ status }: DeadLetterRow): boolean => status !== 'HANDLED' && status !== 'DISCARDED';

/** The parked messages that no open dead letter holds back any more, in no order. */
export function releasable(deadLetters: Iterable<DeadLetterRow>): readonly DeadLetterRow[] {
  const open = [...deadLetters].filter(isOpen);
  return open.filter(
    (deadLetter) => deadLetter.status === 'PARKED' && !open.some((other) => holdsBack(other, deadLetter)),
  );
}

const holdsBack = (other: DeadLetterRow, deadLetter: DeadLetterRow): boolean =>
  other.status !== 'PARKED' &&
  other.keyHash !== undefined &&
  other.keyHash === deadLetter.keyHash &&
  other.record.topic === deadLetter.record.topic &&
  other.position < deadLetter.position;
