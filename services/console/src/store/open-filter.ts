import type { SagaSummary } from '../saga/input.ts';
import type { SagaFilter, Sought } from './saga-filter.ts';

/** What a filter looks at besides the summary: how an open saga is judged now. */
export interface Judgement {
  readonly state: string;
  readonly causeKey: string | null;
  /** It stands where it stands since; milliseconds since 1970. */
  readonly since: number;
}

/** Whether an open saga is wanted: the same meaning as the store's conditions for ended ones. */
export function matches(summary: SagaSummary, judged: Judgement, filter: SagaFilter): boolean {
  const { ids, state, back, cause, service, style, outcome, since, older, total, sku, customer, q } = filter;
  if (ids !== undefined && !ids.includes(summary.orderId)) return false;
  if (state !== undefined && !state.some((wanted) => wanted === judged.state)) return false;
  if (back === true && !summary.turningBack) return false;
  if (cause !== undefined && judged.causeKey !== cause && !judged.causeKey?.startsWith(`${cause}/`)) return false;
  if (service !== undefined && summary.owes?.service !== service) return false;
  if (style !== undefined && summary.style !== style) return false;
  if (outcome !== undefined && summary.outcome !== outcome) return false;
  if (since !== undefined && Date.parse(summary.placedAt) < since) return false;
  if (older !== undefined && judged.since > older) return false;
  if (total !== undefined && !isWithin(summary.total?.amount, total)) return false;
  if (sku !== undefined && !summary.items.some((item) => item.sku === sku)) return false;
  if (customer !== undefined && summary.customerId !== customer) return false;
  return q === undefined || isSought(summary, q);
}

const isWithin = (amount: number | undefined, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  amount !== undefined && amount >= from && amount <= to;

function isSought({ orderId, traceId, customerId, items }: SagaSummary, sought: Sought): boolean {
  const { orderIds, range, end, word } = sought;
  return (
    orderIds.includes(orderId) ||
    (range !== undefined && orderId >= range[0] && orderId <= range[1]) ||
    (end !== undefined && orderId.endsWith(end)) ||
    (sought.traceId !== undefined && sought.traceId === traceId) ||
    (word !== undefined && ((customerId?.startsWith(word) ?? false) || items.some(({ sku }) => sku === word)))
  );
}
