import type { AroundView } from '../../../src/contract/services.ts';
import { Mark, type MarkKind } from '../parts/index.ts';

const MARKS: Readonly<Record<AroundView['standing'], MarkKind>> = {
  ready: 'done',
  'not ready': 'away',
  away: 'overdue',
};

/** What the services need and do not own: the broker, the databases, the outside, and the console itself. */
export function Around({ around }: { readonly around: readonly AroundView[] }) {
  return (
    <section className="around" aria-label="Around them">
      <h2>Around them</h2>
      <ul>
        {around.map(({ name, standing, text }) => (
          <li key={name}>
            <Mark kind={MARKS[standing]} size={14} label={standing} />
            <b>{name}</b>
            <span className={standing === 'ready' ? 'tx2' : 'alarm-t'}>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
