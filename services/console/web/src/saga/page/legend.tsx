import { Icon, MARK_WORDS, Mark, type MarkKind } from '../../parts/index.ts';

const SHOWN: readonly MarkKind[] = [
  'done',
  'running',
  'expected',
  'overdue',
  'refused',
  'undo-done',
  'undone',
  'undo-expected',
  'person',
  'dead',
  'parked',
  'unexpected',
  'noted',
  'ignored',
  'duplicate',
  'timer',
];

export function Legend() {
  return (
    <details className="legend">
      <summary>
        <Icon name="right" />
        What the marks mean
      </summary>
      <ul>
        {SHOWN.map((kind) => (
          <li key={kind}>
            <Mark kind={kind} size={18} />
            {MARK_WORDS[kind]}
          </li>
        ))}
        <li>
          <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
            <circle cx="5" cy="5" r="3.4" className="pip ok" />
            <circle cx="16" cy="5" r="3.4" className="pip late" />
          </svg>
          readers: has handled it, has not
        </li>
        <li>
          <svg width="64" height="10" viewBox="0 0 64 10" aria-hidden="true">
            <rect x="0" y="2.5" width="14" height="5" rx="1" className="seam outbox" />
            <rect x="15" y="2.5" width="14" height="5" rx="1" className="seam broker" />
            <rect x="30" y="2.5" width="14" height="5" rx="1" className="seam wait" />
            <rect x="45" y=".5" width="18" height="9" rx="1" className="seam handler" />
          </svg>
          outbox · broker · wait · handler, always in this order
        </li>
      </ul>
    </details>
  );
}
