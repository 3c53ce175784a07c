import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api.ts';

/**
 * What was asked for once stays on the screen while it is asked for again. A refusal is final; where there was no answer, it is
 * asked again twice.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: true,
      retry: (times, error) => times < 2 && !(error instanceof ApiError && error.status > 0 && error.status < 500),
      retryDelay: (times) => 500 * 2 ** times,
    },
  },
});
