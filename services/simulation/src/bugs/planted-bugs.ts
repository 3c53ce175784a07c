import type { ShopBug } from './planted-bug.ts';
import { ignoring, withoutBegin, withRule } from './rule-bugs.ts';
import { SERVICE_BUGS } from './service-bugs.ts';
import {
  checkThenInsert,
  endlessLease,
  noInbox,
  noParking,
  noSecondTry,
  replayWithoutInbox,
  shallowTasks,
} from './store-bugs.ts';
import { TIMER_BUGS } from './timer-bugs.ts';

const hears = (name: string) => (message: string) => message === name;

/**
 * Bugs by name. A thousand seeds have to find each of them; otherwise seeds without a violation prove nothing.
 */
export const PLANTED_BUGS: Readonly<Record<string, () => ShopBug>> = {
  'no inbox': () => ({ store: noInbox }),
  'check-then-insert dedupe': () => ({ store: checkThenInsert() }),
  'offset before commit': () => ({ offsetBeforeCommit: true }),
  'acknowledge before publish': () => ({ relay: 'acknowledge before publish' }),
  'no tombstone': () => ({
    table: withRule('inventory', hears('OrderCancelled'), (original) => (data, state, context) => {
      const known = (state as { readonly reservation?: unknown }).reservation !== undefined;
      return known ? original(data, state, context) : ignoring();
    }),
  }),
  'no refund': () => ({ table: withRule('payment', hears('InventoryFailed'), () => ignoring) }),
  'slot recreated at the end': () => ({ relay: 'slot recreated at the end' }),
  'retry later without parking': () => ({ store: noParking }),
  'replay that goes round the inbox': () => ({ store: replayWithoutInbox }),
  'causes that lead nowhere': () => ({ table: withoutBegin('order', 'PlaceOrder') }),
  'a depth that a call forgets': () => ({ store: shallowTasks }),
  'a refusal is no answer': () => ({ refusals: 'no answer' }),
  'a call without an answer is not made again': () => ({ store: noSecondTry }),
  'a lease without an end': () => ({ store: endlessLease }),
  ...TIMER_BUGS,
  ...SERVICE_BUGS,
};
