import type { AttentionGroup } from '../../../src/contract/work.ts';
import type { MarkKind } from '../parts/index.ts';

interface KindWords {
  readonly kind: AttentionGroup['kind'];
  readonly tab: string;
  readonly title: string;
  readonly mark: MarkKind;
  /** Alarm: it cannot be undone by itself. Caution: somebody decides. */
  readonly tone: 'alarm' | 'caution';
}

/** In the order in which they are shown: what loses money first. */
export const KINDS: readonly KindWords[] = [
  { kind: 'refund', tab: 'Refunds', title: 'Refunds that were refused', mark: 'undo-failed', tone: 'alarm' },
  {
    kind: 'cancellation',
    tab: 'Cancellations',
    title: 'Cancellations that were refused',
    mark: 'undo-failed',
    tone: 'alarm',
  },
  { kind: 'saga', tab: 'Sagas', title: 'Sagas that cannot go on', mark: 'overdue', tone: 'alarm' },
  { kind: 'refused record', tab: 'Refused records', title: 'Records that Kafka refuses', mark: 'dead', tone: 'alarm' },
  { kind: 'approval', tab: 'Approvals', title: 'Approvals', mark: 'person', tone: 'caution' },
  { kind: 'lab', tab: 'Lab', title: 'Lab switches that are on', mark: 'timer', tone: 'caution' },
];

export const kindWords = (kind: AttentionGroup['kind']): KindWords =>
  KINDS.find((words) => words.kind === kind) ?? (KINDS[2] as KindWords);
