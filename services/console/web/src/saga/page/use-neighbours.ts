import { useLocation } from 'wouter';
import type { Neighbours } from './head.tsx';

/** The list that the saga was opened from, as the list writes it down: its address, and its sagas in their order. */
interface OpenedList {
  readonly address: string;
  readonly orderIds: readonly string[];
}

const KEPT = 'troupe.list';

/** The sagas before and after it in the list it came from, and the address of that list. */
export function useNeighbours(orderId: string): Neighbours & { readonly list: string } {
  const [, navigate] = useLocation();
  const list = openedList();
  const at = list?.orderIds.indexOf(orderId) ?? -1;
  if (list === null || at === -1) {
    return { words: '', previous: null, next: null, list: list?.address ?? '/sagas' };
  }
  const way = (id: string | undefined): (() => void) | null =>
    id === undefined ? null : () => navigate(`/sagas/${id}`);
  return {
    words: `${at + 1} of ${list.orderIds.length}`,
    previous: way(list.orderIds[at - 1]),
    next: way(list.orderIds[at + 1]),
    list: list.address,
  };
}

function openedList(): OpenedList | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
    if (
      typeof kept === 'object' &&
      kept !== null &&
      'address' in kept &&
      'orderIds' in kept &&
      Array.isArray(kept.orderIds)
    ) {
      const address = String(kept.address);
      return { address: address.startsWith('/sagas') ? address : '/sagas', orderIds: kept.orderIds.map(String) };
    }
  } catch {
    // Storage is forbidden, or holds what is no list: the saga stands alone.
  }
  return null;
}
