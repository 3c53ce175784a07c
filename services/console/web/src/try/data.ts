import { useQuery as useAsked } from '@tanstack/react-query';
import type { SagaDetail } from '../../../src/contract/saga.ts';
import type { LabView, Placed, StoryView } from '../../../src/contract/work.ts';
import { get, post, queries, useLive } from '../parts/index.ts';

const LAB = ['lab'];

export const useStories = () =>
  useAsked({
    queryKey: ['stories'],
    queryFn: ({ signal }) => get<readonly StoryView[]>('/api/stories', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useLab = () =>
  useAsked({ queryKey: LAB, queryFn: ({ signal }) => get<LabView>('/api/lab', signal), refetchInterval: 3_000 });

/** @returns ids of the orders, the first of which is drawn */
export const place = (
  story: string,
  how: { readonly orchestrated: boolean; readonly count: number },
): Promise<Placed> => post<Placed>(`/api/stories/${encodeURIComponent(story)}`, how);

/** Puts a fault there or takes it away. Resolves when it is so. */
export async function setSwitch(id: string, on: boolean): Promise<void> {
  await post(`/api/lab/${encodeURIComponent(id)}`, { on });
  await queries.invalidateQueries({ queryKey: LAB });
}

export async function send(id: string): Promise<void> {
  await post(`/api/lab/${encodeURIComponent(id)}`, {});
}

/** A saga as the stream sends it. Null: the console has not read its first event yet. */
export function useSagaLive(orderId: string): SagaDetail | null {
  return useLive(`saga:${orderId}`) ?? null;
}
