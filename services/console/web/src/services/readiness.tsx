import { Link } from 'wouter';
import type { ServiceView, Standing } from '../../../src/contract/services.ts';
import { Mark, type MarkKind } from '../parts/index.ts';

const SAID: Readonly<Record<Standing, { readonly mark: MarkKind; readonly words: string }>> = {
  away: { mark: 'overdue', words: 'Nobody answers.' },
  'not ready': { mark: 'away', words: 'Not ready.' },
  ready: { mark: 'done', words: 'Ready.' },
};

/** Whether a service is ready, and each of its reasons. A symptom says what it follows from. */
export function Readiness({ service }: { readonly service: ServiceView }) {
  const { standing, followsFrom } = service;
  const { mark, words } = SAID[standing];
  const reasons = Object.entries(service.reasons);
  return (
    <div className="ready">
      <Mark kind={mark} size={16} />
      <div>
        {standing === 'ready' ? words : <b className={standing === 'away' ? 'alarm-t' : ''}>{words}</b>}{' '}
        {reasons.length === 1 && reasons[0]?.[1]}
        {reasons.length > 1 && (
          <ul>
            {reasons.map(([part, reason]) => (
              <li key={part}>
                <b>{part}</b> {reason}
              </li>
            ))}
          </ul>
        )}
        {followsFrom !== null && (
          <span className="tx3">
            {' Follows from '}
            <Link className="lk" href={`/services?open=${encodeURIComponent(followsFrom)}`}>
              {followsFrom}
            </Link>
            .
          </span>
        )}
      </div>
    </div>
  );
}
