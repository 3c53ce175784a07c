import type { Item, Money, SagaStyle } from '../../contract/saga.ts';

/** What events of the shop carry, read without trusting it: a topic may hold what nobody declared. */
export type Payload = Readonly<Record<string, unknown>>;

export const textIn = (payload: Payload, field: string): string | null => {
  const value = payload[field];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** A whole number: a 64-bit one may come as text or bigint. */
export function numberIn(payload: Payload, field: string): number | null {
  const value = payload[field];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && /^-?\d{1,16}$/.test(value)) return Number(value);
  return null;
}

/** Milliseconds since 1970, of a field that is a moment in whatever form. */
export function momentIn(payload: Payload, field: string): number | null {
  const value = payload[field];
  const parsed = typeof value === 'string' && !/^\d+$/.test(value) ? Date.parse(value) : numberIn(payload, field);
  return parsed === null || Number.isNaN(parsed) ? null : parsed;
}

export function moneyIn(payload: Payload, currency: string | null = null): Money | null {
  const amount = numberIn(payload, 'amount');
  const known = textIn(payload, 'currency') ?? currency;
  return amount === null || known === null ? null : { amount, currency: known };
}

export function itemsIn(payload: Payload): readonly Item[] {
  const { items } = payload;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown): Item[] => {
    if (typeof item !== 'object' || item === null) return [];
    const [sku, quantity] = [textIn(item as Payload, 'sku'), numberIn(item as Payload, 'quantity')];
    return sku === null || quantity === null ? [] : [{ sku, quantity }];
  });
}

export const unitsOf = (items: readonly Item[]): number => items.reduce((sum, { quantity }) => sum + quantity, 0);

/** Of an approval: when it is refused by itself. */
export const expiryOf = (payload: Payload): number | null => momentIn(payload, 'expiresAt');

/** Of an undo that was refused: when it is tried again by itself; null: a person must act. */
export const triesAgainAt = (payload: Payload): number | null => momentIn(payload, 'nextAttemptAt');

/** Whether an orchestrator asks for the steps of this order: its first event says so. */
export const styleIn = (payload: Payload | undefined): SagaStyle =>
  payload?.orchestrated === true ? 'orchestrated' : 'choreographed';
