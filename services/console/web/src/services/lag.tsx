import type { LagView } from '../../../src/contract/services.ts';
import { count, Spark } from '../parts/index.ts';

/** How far behind the ends of its topics a service is. Alarm: nobody of its group reads. */
export function Lag({ lag }: { readonly lag: readonly LagView[] }) {
  if (lag.length === 0) return <span className="tx3">reads no topic</span>;
  return (
    <ul className="lag-l">
      {lag.map((topic) => (
        <li key={topic.topic}>
          <span className="mono">{topic.topic}</span>
          <Spark values={topic.history} width={48} height={14} {...(isLeft(topic) && { tone: 'alarm' as const })} />
          <span className={`num ${isLeft(topic) ? 'alarm-t' : ''}`} title={membersWords(topic)}>
            {count(topic.behind)}
          </span>
        </li>
      ))}
    </ul>
  );
}

export const isLeft = ({ behind, members }: LagView): boolean => behind > 0 && members === 0;

export const membersWords = ({ members }: LagView): string =>
  members === 0 ? 'no member of the group reads it' : `${members} of the group read it`;
