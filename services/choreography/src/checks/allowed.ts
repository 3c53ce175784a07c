import type { CheckCode } from './finding.ts';

/** A finding that is right as it is. */
export interface Allowance {
  readonly code: CheckCode;
  /** As the finding names it. */
  readonly place: string;
  /** Why it is right: the rule that holds what the map cannot see. */
  readonly reason: string;
}

const ONCE =
  'Order says OrderCancelled once for an order: its rules ignore whatever comes after the end (tooLate, refunded in services/order/src/domain).';

/** What the checks find in the production tables, and why it stays. An entry that allows nothing any more is a fault. */
export const ALLOWED: readonly Allowance[] = [
  { code: 'EVENT_CYCLE', place: 'OrderCancelled → PaymentFailed → OrderCancelled', reason: ONCE },
  { code: 'EVENT_CYCLE', place: 'OrderCancelled → PaymentRefunded → OrderCancelled', reason: ONCE },
  {
    code: 'EVENT_CYCLE',
    place: 'InventoryReleased → PaymentFailed → OrderCancelled → InventoryReleased',
    reason: ONCE,
  },
  {
    code: 'EVENT_CYCLE',
    place: 'InventoryReleased → PaymentRefunded → OrderCancelled → InventoryReleased',
    reason: ONCE,
  },
  {
    code: 'DEADLINE_TOO_SHORT',
    place: 'order: PlaceOrchestrated → OrderDeadline',
    reason:
      'The limits of a step leave room for retries and an open circuit, for one step that is in trouble. The customer is promised the deadline of the whole order; when it passes, the orchestrator turns back from whatever step it is in.',
  },
];
