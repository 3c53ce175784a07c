import { useQuery as useAnswer } from '@tanstack/react-query';
import type { Choreography } from '@troupe/choreography/graph';
import type { MapView } from '../../../../src/contract/index.ts';
import { get } from '../../parts/index.ts';

/** The declared protocol, asked for once when a past moment is looked at. */
export function useChoreography(isWanted: boolean): Choreography | null {
  const { data } = useAnswer({
    queryKey: ['choreography'],
    queryFn: async ({ signal }) => (await get<MapView>('/api/map?window=60', signal)).choreography,
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}
