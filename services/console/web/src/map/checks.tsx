import type { MapView } from '../../../src/contract/services.ts';
import { Mark } from '../parts/index.ts';

/** What is known of the map before anything runs: a build in which one of these fails is none. */
export function Checks({ checks }: { readonly checks: MapView['checks'] }) {
  return (
    <section className="checks" aria-label="Checked with every build">
      <h2>Checked with every build</h2>
      <ul>
        {checks.map(({ title, ok, detail }) => (
          <li key={title} title={detail === '' ? undefined : detail}>
            <Mark kind={ok ? 'done' : 'overdue'} size={14} label={ok ? 'holds' : 'does not hold'} />
            <span>
              {title}
              {!ok && <span className="alarm-t">{`: ${detail}`}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the lines mean. */
export function MapKey() {
  return (
    <ul className="map-key">
      <li>
        <Sample look="fwd" width={2.5} head /> there
      </li>
      <li>
        <Sample look="back" width={2.5} head /> back: undoes
      </li>
      <li>
        <Sample look="person" width={2} /> waits for a person
      </li>
      <li>
        <Sample look="fwd idle" width={1.5} /> nothing passes
      </li>
      <li>thicker: more a second, by powers of ten</li>
      <li>times: 99 of 100, from commit to commit</li>
    </ul>
  );
}

function Sample({
  look,
  width,
  head = false,
}: {
  readonly look: string;
  readonly width: number;
  readonly head?: boolean;
}) {
  return (
    <svg width="34" height="10" viewBox="0 0 34 10" aria-hidden="true">
      <path d={head ? 'M0 5H27' : 'M0 5H34'} className={`e ${look}`} strokeWidth={width} />
      {head && <path d="M34 5l-8-5v10z" className={`e-head ${look}`} />}
    </svg>
  );
}
