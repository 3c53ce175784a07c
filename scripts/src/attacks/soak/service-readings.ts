import { type Addresses, serviceNames } from '@troupe/embedded';
import { metricIn } from '../../stack/metrics-text.ts';
import type { Reading } from './book.ts';

/** What the services say of themselves. */
export async function serviceReadings({ serviceUrl }: Addresses): Promise<readonly Reading[]> {
  const all = await Promise.all(
    serviceNames.map(async (service): Promise<readonly Reading[]> => {
      const text = await (await fetch(`${serviceUrl(service)}/metrics`)).text();
      const delay = { what: 'event-loop delay p99', of: service, unit: 'ms', slack: 20 };
      const heap = { what: 'heap in use', of: service, unit: 'MB', slack: 10 };
      return [
        { ...delay, value: metricIn(text, 'nodejs_eventloop_lag_p99_seconds') * 1_000 },
        { ...heap, value: metricIn(text, 'nodejs_heap_size_used_bytes') / 1e6 },
      ];
    }),
  );
  return all.flat();
}
