import type { Ledger, Money } from '../../contract/saga.ts';
import { outcomeOf } from '../owed/outcome.ts';
import type { Said, Told } from '../owed/said.ts';
import type { Protocol } from '../protocol/protocol.ts';
import { placementOf } from './order.ts';
import { itemsIn, moneyIn, unitsOf } from './payloads.ts';

/** Money and stock of one order, as its events tell. */
export function ledgerOf(told: Told, protocol: Protocol): Ledger {
  const { total, items } = placementOf(told.root?.payload ?? {}, told.all);
  const money = (said: Said | undefined): Money | null =>
    said === undefined ? null : (moneyIn(said.payload, total?.currency ?? null) ?? total);
  const units = (said: Said | undefined): number | null =>
    said === undefined ? null : unitsOf(itemsIn(said.payload)) || unitsOf(items);
  const refunded = money(told.of('PaymentRefunded'));
  // Money that was taken while the order was cancelled goes back without a word that it was taken.
  const charged = money(told.of('PaymentCompleted')) ?? refunded;
  const held = charged === null ? null : { ...charged, amount: charged.amount - (refunded?.amount ?? 0) };
  const reserved = units(told.of('InventoryReserved'));
  const released = units(told.of('InventoryReleased'));
  const confirmed = outcomeOf(told, protocol)?.ends === 'success';
  return {
    charged,
    refunded,
    held,
    wanted: unitsOf(items),
    reserved,
    released,
    shipped: confirmed ? reserved : reserved === null ? null : 0,
    verdict: verdictOf(told, protocol, { held, kept: (reserved ?? 0) - (released ?? 0) }),
  };
}

function verdictOf(
  told: Told,
  protocol: Protocol,
  { held, kept }: { readonly held: Money | null; readonly kept: number },
): Ledger['verdict'] {
  const ends = outcomeOf(told, protocol)?.ends;
  const owed = held !== null && held.amount > 0;
  const refused = told.has('PaymentRefundFailed') && !told.has('PaymentRefunded');
  if (refused) return { tone: 'alarm', text: 'The refund was refused: the customer is still owed it' };
  if (ends === 'success') {
    return owed && kept > 0
      ? { tone: 'ok', text: 'Balanced: paid and shipped' }
      : { tone: 'alarm', text: 'Confirmed, but not both paid and set aside' };
  }
  if (ends === 'failure') {
    if (owed && kept > 0) return { tone: 'caution', text: 'Cancelled: money and stock are still to go back' };
    if (owed) return { tone: 'caution', text: 'Cancelled: the money is still to go back' };
    if (kept > 0) return { tone: 'caution', text: 'Cancelled: the stock is still to go back' };
    return { tone: 'ok', text: 'Balanced: nothing kept' };
  }
  if (owed && kept > 0) return { tone: 'running', text: 'Paid and set aside, not shipped yet' };
  if (owed) {
    const text =
      told.has('InventoryFailed') || told.has('InventoryReleased')
        ? 'Paid, and on its way back'
        : 'Paid, nothing set aside yet';
    return { tone: 'running', text };
  }
  if (held !== null) return { tone: 'running', text: 'The money is back, the order has not ended yet' };
  return { tone: 'running', text: 'Nothing taken yet' };
}
