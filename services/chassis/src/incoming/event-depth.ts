/** Says, on a record, how deep its event lies in the tree of causes. */
export const DEPTH_HEADER = 'ce_depth';
/** Says, in a request of an orchestrator, how deep what led to the request lies. */
export const CAUSE_DEPTH_HEADER = 'x-causation-depth';

/** Of the first event of a saga. */
export const ROOT_DEPTH = 1;
/** Nine digits: a column of the type `integer` has it, and one more. */
const GREATEST_DEPTH = 999_999_999;
const DEPTH = /^[1-9]\d{0,8}$/;

/**
 * The depth that a header states. Without one, and with a text that is no whole number from 1 to 999999999, it is that of a first
 * event: as with a hostile `traceparent` the message is handled as if the header were not there. Such a text says nothing of a
 * loop, and a guard is no reason to hold up an order.
 */
export function depthOf(text: unknown): number {
  return typeof text === 'string' && DEPTH.test(text) ? Number(text) : ROOT_DEPTH;
}

/** The depth of an event whose cause has this depth. */
export const depthBelow = (cause: number): number => Math.min(cause + 1, GREATEST_DEPTH);
