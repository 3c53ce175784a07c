import type { OperatorActView } from '../../../src/contract/work.ts';
import { Moment } from '../parts/index.ts';

const SHOWN = 8;

/** Who did what to dead letters. It is kept for ever. */
export function Audit({ acts, service }: { readonly acts: readonly OperatorActView[]; readonly service?: string }) {
  const own = service === undefined ? acts : acts.filter((act) => act.service === service);
  return (
    <section className="audit" aria-label="Who did what">
      <h2>Who did what</h2>
      {own.length === 0 ? <p className="tx2">Nobody has done anything yet.</p> : <ActList acts={own.slice(0, SHOWN)} />}
    </section>
  );
}

const VERBS: Readonly<Record<string, string>> = {
  'dead-letters.replay': 'started a replay',
  'dead-letters.discard': 'discarded',
};

export function ActList({ acts }: { readonly acts: readonly OperatorActView[] }) {
  return (
    <ol className="acts">
      {acts.map((act) => (
        <li key={`${act.at}/${act.target}`}>
          <span className="mono tx3">
            <Moment at={act.at} />
          </span>
          <b>{act.operator}</b>
          <span>
            {VERBS[act.act] ?? act.act} <span className="mono tx3">…{act.target.slice(-7)}</span> at {act.service}
          </span>
          {act.reason !== null && <span className="tx3">“{act.reason}”</span>}
        </li>
      ))}
    </ol>
  );
}
