import { useLocation } from 'wouter';
import { neighbour, rememberedList } from '../../parts/index.ts';
import type { Neighbours } from './head.tsx';

/** The sagas before and after it in the list it came from, and the address of that list. */
export function useNeighbours(orderId: string): Neighbours & { readonly list: string } {
  const [, navigate] = useLocation();
  const list = rememberedList();
  const at = list?.orderIds.indexOf(orderId) ?? -1;
  const way = (id: string | null): (() => void) | null => (id === null ? null : () => navigate(`/sagas/${id}`));
  return {
    words: list === null || at === -1 ? '' : `${at + 1} of ${list.orderIds.length}`,
    previous: way(neighbour(orderId, -1)),
    next: way(neighbour(orderId, 1)),
    list: list?.address ?? '/sagas',
  };
}
