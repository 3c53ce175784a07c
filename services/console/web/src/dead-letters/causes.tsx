import { Link, useLocation } from 'wouter';
import type { DeadLetterCause, DeadLettersView } from '../../../src/contract/work.ts';
import { Ago, count, counted, ServiceBadge, useQuery, withQuery } from '../parts/index.ts';
import { eventName } from './words.ts';

/** Why messages could not be handled: start here, and not with the messages. */
export function Causes({ view, chosen }: { readonly view: DeadLettersView; readonly chosen: string | null }) {
  const { causes, open, settled } = view;
  return (
    <section className="dl-causes" aria-label="Causes">
      <header>
        <h2>Causes</h2>
        <span className="tx3">{`${count(causes.length)}, with ${counted(open, 'letter')}`}</span>
      </header>
      <ul>
        {causes.map((cause) => (
          <li key={cause.key}>
            <Cause cause={cause} isChosen={cause.key === chosen} />
          </li>
        ))}
      </ul>
      <header className="dl-sub">
        <h2>Settled</h2>
        <span className="tx3">last 30 days</span>
      </header>
      <ul className="settled">
        <li>
          <span>replayed</span>
          <b className="num">{count(settled.replayed)}</b>
        </li>
        <li>
          <span>discarded</span>
          <b className="num">{count(settled.discarded)}</b>
        </li>
      </ul>
    </section>
  );
}

function Cause({ cause, isChosen }: { readonly cause: DeadLetterCause; readonly isChosen: boolean }) {
  const [path] = useLocation();
  const [query] = useQuery();
  const { service, code, message, eventType, parked, quarantined } = cause;
  return (
    <Link
      href={withQuery(path, query, { cause: cause.key, service: null, letter: null })}
      aria-current={isChosen ? 'true' : undefined}
    >
      <span className="dl-1">
        <ServiceBadge name={service} />
        <b className="num">{count(cause.count)}</b>
      </span>
      <span className="dl-c mono">{code}</span>
      <span className="dl-w">{message}</span>
      <span className="dl-m">
        <span>{eventName(eventType)}</span>
        <span className="num">{parked === 0 ? 'none parked' : `${count(parked)} parked behind`}</span>
        {quarantined > 0 && <span className="num caution-t">{`${count(quarantined)} in quarantine`}</span>}
        <Ago at={cause.firstAt} />
      </span>
    </Link>
  );
}
