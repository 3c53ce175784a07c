import type { SagaDetail } from '../../contract/saga.ts';
import type { Look } from '../fold/look.ts';
import { outcomeOf, turnOf } from '../owed/outcome.ts';
import { allOf, durationOf, moneyText, strong } from '../words.ts';
import { ledgerOf } from './ledger.ts';
import { isByDeadline } from './order.ts';
import { textIn } from './payloads.ts';

/** What became of a saga that is over, in a sentence, and what is known besides. */
export function summaryOf(look: Look): SagaDetail['summary'] {
  const { told, protocol } = look;
  const outcome = outcomeOf(told, protocol);
  if (outcome === null || told.root === undefined) return null;
  const took = strong(durationOf(outcome.by.at - told.root.at));
  if (outcome.ends === 'success') {
    return { sentence: `Confirmed in ${took}: every step went as declared.`, known: confirmedBesides(look) };
  }
  return { sentence: `${turnWords(look)} ${undoneWords(look)}`.trim(), known: undoneBesides(look) };
}

/** Who could not do what, in the partner's own words. */
function turnWords({ told, protocol }: Look): string {
  const turn = turnOf(told, protocol);
  if (turn === null) return 'The order was cancelled.';
  const detail = textIn(turn.payload, 'detail');
  const quoted = detail === null ? '' : `: “${detail}”`;
  const stop = quoted === '' ? '.' : '';
  if (protocol.event(turn.type)?.ends === 'failure') {
    return isByDeadline(turn.payload)
      ? `${strong(turn.service)} cancelled the order at its deadline.`
      : `The customer cancelled the order.`;
  }
  return `${strong(turn.service)} ${COULD_NOT[turn.type] ?? `said ${turn.type}`}${quoted}${stop}`;
}

const COULD_NOT: Readonly<Record<string, string>> = {
  PaymentFailed: 'could not charge',
  InventoryFailed: 'could not set everything aside',
  ShipmentFailed: 'could not book',
};

function undoneWords({ told, protocol }: Look): string {
  const turn = turnOf(told, protocol);
  const undone = told.all.filter(({ type }) => protocol.effectOf.has(type));
  const last = [...undone, ...told.all.filter(({ type }) => protocol.event(type)?.ends === 'failure')].at(-1);
  if (turn === null || last === undefined) return '';
  if (undone.length === 0) return 'Nothing had to be undone.';
  const end = Math.max(...[...undone, last].map(({ at }) => at));
  return `Everything before it was undone in ${strong(durationOf(end - turn.at))}.`;
}

function undoneBesides({ told, protocol }: Look): string {
  const { refunded, released } = ledgerOf(told, protocol);
  const shipment = told.has('ShipmentCancelled');
  const done = [
    ...(shipment ? ['booking taken back'] : []),
    ...(released === null ? [] : ['stock released']),
    ...(refunded === null ? [] : [`${moneyText(refunded)} refunded`]),
    'order cancelled',
  ];
  const undone = `${capitalised(allOf(done))}.`;
  return `${undone}${toldWords(told.has('NotificationSent'))} Nothing is left to do.`;
}

function confirmedBesides({ told, protocol }: Look): string {
  const { charged, shipped } = ledgerOf(told, protocol);
  const tracking = textIn(told.of('ShipmentScheduled')?.payload ?? {}, 'trackingNumber');
  const done = [
    ...(charged === null ? [] : [`${moneyText(charged)} charged`]),
    ...(shipped === null ? [] : [`${shipped} ${shipped === 1 ? 'unit' : 'units'} on the way`]),
    ...(tracking === null ? [] : [`parcel ${tracking}`]),
  ];
  const sentence = done.length === 0 ? '' : `${capitalised(allOf(done))}.`;
  return `${sentence}${toldWords(told.has('NotificationSent'))} Nothing is left to do.`.trim();
}

const toldWords = (isTold: boolean): string => (isTold ? ' The customer was told.' : '');
const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
