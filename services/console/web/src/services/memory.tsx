import type { ServiceView } from '../../../src/contract/services.ts';
import { bytes } from '../parts/index.ts';

const WIDTH = 112;
/** Of the time between two turns of the event loop: above it, requests wait for the processor. */
const SLOW_LOOP_MS = 100;

export function Memory({ service }: { readonly service: ServiceView }) {
  const { memoryBytes, memoryLimitBytes, eventLoopMs } = service;
  if (memoryBytes === null) return <span className="tx3">–</span>;
  const share = memoryLimitBytes === null ? null : Math.min(1, memoryBytes / memoryLimitBytes);
  return (
    <>
      {share !== null && (
        <svg className="mem" width={WIDTH} height="6" viewBox={`0 0 ${WIDTH} 6`} aria-hidden="true">
          <rect width={WIDTH} height="6" rx="1" className="pr-bg" />
          <rect width={WIDTH * share} height="6" rx="1" className={share > 0.9 ? 'mem-f alarm' : 'mem-f'} />
        </svg>
      )}
      <span className="num">{memoryLimitBytes === null ? bytes(memoryBytes) : of(memoryBytes, memoryLimitBytes)}</span>
      {eventLoopMs !== null && (
        <span
          className={eventLoopMs > SLOW_LOOP_MS ? 'caution-t sv-s' : 'tx3 sv-s'}
          title="Between two turns of the event loop, 99 of 100"
        >
          {`event loop ${Math.round(eventLoopMs)} ms`}
        </span>
      )}
    </>
  );
}

/** `124 of 256 MB` */
function of(used: number, limit: number): string {
  const [one, other] = [bytes(used), bytes(limit)];
  const unit = other.slice(other.indexOf(' '));
  return one.endsWith(unit) ? `${one.slice(0, -unit.length)} of ${other}` : `${one} of ${other}`;
}
