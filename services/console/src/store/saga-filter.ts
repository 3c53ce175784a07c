import type { SagaOutcome, SagaState, SagaStyle } from '../contract/saga.ts';

/** Which sagas are wanted. What is absent does not matter. */
export interface SagaFilter {
  /** These, and no others. */
  readonly ids?: readonly string[] | undefined;
  readonly state?: readonly SagaState[] | undefined;
  readonly outcome?: SagaOutcome | undefined;
  /** Only those that turn back: none of them is over. */
  readonly back?: boolean | undefined;
  readonly style?: SagaStyle | undefined;
  /** Placed at this moment or later; milliseconds since 1970, as all here. */
  readonly since?: number | undefined;
  /** It stands where it stands since this moment, or longer. */
  readonly older?: number | undefined;
  /** Minor units, both ends included. */
  readonly total?: { readonly from: number; readonly to: number } | undefined;
  readonly sku?: string | undefined;
  readonly customer?: string | undefined;
  /** The key of a cause, or its beginning up to a `/`: `CONSUMER_AWAY`. Only open sagas have one. */
  readonly cause?: string | undefined;
  /** Who owes the next step. Of a saga that is over nobody owes one. */
  readonly service?: string | undefined;
  readonly q?: Sought | undefined;
}

/** What a text may mean that a person has typed. */
export interface Sought {
  readonly text: string;
  /** The saga, or the saga of the event, of this very id. */
  readonly orderIds: readonly string[];
  /** The first and the last id that begin so. */
  readonly range?: readonly [from: string, to: string] | undefined;
  /** The end of an id. */
  readonly end?: string | undefined;
  readonly traceId?: string | undefined;
  /** How the customer's name begins, and a SKU as it is. */
  readonly word?: string | undefined;
}

export type FilterName = keyof SagaFilter;

const HEX = /^[0-9a-f-]{4,36}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Behind the last dash of an id are twelve digits. */
const ENDS = /^[0-9a-f]{4,12}$|-[0-9a-f]{12}$/;
const TRACE = /^[0-9a-f]{32}$/;

/** @param sagaOfEvent finds the saga of an event by its id */
export async function soughtBy(
  text: string,
  sagaOfEvent: (eventId: string) => Promise<string | undefined>,
): Promise<Sought> {
  const lower = text.toLowerCase();
  if (UUID.test(lower)) {
    const saga = await sagaOfEvent(lower);
    return { text, orderIds: [...new Set([lower, ...(saga === undefined ? [] : [saga])])] };
  }
  if (TRACE.test(lower)) return { text, orderIds: [], traceId: lower };
  if (!HEX.test(lower)) return { text, orderIds: [], word: text };
  return { text, orderIds: [], range: rangeOf(lower), end: ENDS.test(lower) ? lower : undefined, word: text };
}

/** Undefined where no id can begin so. */
function rangeOf(beginning: string): readonly [string, string] | undefined {
  const digits = beginning.replaceAll('-', '');
  const dashed = (filled: string): string =>
    [filled.slice(0, 8), filled.slice(8, 12), filled.slice(12, 16), filled.slice(16, 20), filled.slice(20)].join('-');
  const [from, to] = [dashed(digits.padEnd(32, '0')), dashed(digits.padEnd(32, 'f'))];
  return digits.length <= 32 && from.startsWith(beginning) ? [from, to] : undefined;
}
