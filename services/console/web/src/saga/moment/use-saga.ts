import { useQuery as useAnswer } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { get, serverNow, useLive, useLiveStatus, useNow } from '../../parts/index.ts';

const POLL_MS = 3_000;

export interface Shown {
  readonly detail: SagaDetail | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

/** One saga, kept fresh by the stream; its clock ticks as long as it moves. */
export function useSaga(orderId: string): Shown {
  const { state } = useLiveStatus();
  const asked = useAnswer({
    queryKey: ['saga', orderId],
    queryFn: ({ signal }) => get<SagaDetail>(`/api/sagas/${encodeURIComponent(orderId)}`, signal),
    // Without the stream it is asked for again, as long as it moves.
    refetchInterval: ({ state: answer }) =>
      state !== 'live' && answer.data !== undefined && isMoving(answer.data) ? POLL_MS : false,
  });
  const sent = useLive(`saga:${orderId}`);
  const detail = newer(sent, asked.data);
  const now = useNow();
  const ticking = useMemo(
    () => (detail !== undefined && isMoving(detail) ? { ...detail, now: laterOf(detail.now, now) } : detail),
    [detail, now],
  );
  return { detail: ticking, error: detail === undefined ? asked.error : null, retry: () => void asked.refetch() };
}

export const isMoving = (detail: SagaDetail): boolean =>
  detail.endedAt === null || detail.steps.some((step) => step.eventId === null && step.state !== 'skipped');

const newer = (one: SagaDetail | undefined, other: SagaDetail | undefined): SagaDetail | undefined =>
  one === undefined || (other !== undefined && other.now > one.now) ? other : one;

/** The server's word for when it was made, moved on by the clock of the page, never by more than ten minutes. */
function laterOf(said: string, now: number): string {
  const passed = Math.max(Date.parse(said), Math.min(now, serverNow()));
  return passed - Date.parse(said) > 600_000 ? said : new Date(passed).toISOString();
}
