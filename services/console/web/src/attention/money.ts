import type { Money } from '../../../src/contract/saga.ts';

/** How much money it is, by currency, the most first. */
export function sums(items: readonly { readonly money: Money | null }[]): Money[] {
  const byCurrency = new Map<string, number>();
  for (const { money } of items)
    if (money !== null) byCurrency.set(money.currency, (byCurrency.get(money.currency) ?? 0) + money.amount);
  return [...byCurrency].map(([currency, amount]) => ({ currency, amount })).sort((a, b) => b.amount - a.amount);
}
