import type { CircuitView } from '../../../src/contract/services.ts';
import { Ago, figureOf, Mark, type MarkKind } from '../parts/index.ts';

const MARKS: Readonly<Record<CircuitView['state'], MarkKind>> = {
  closed: 'done',
  open: 'away',
  'half-open': 'running',
};

export function Circuits({ circuits }: { readonly circuits: readonly CircuitView[] }) {
  if (circuits.length === 0) return <span className="tx3">calls nobody</span>;
  return (
    <ul className="lines">
      {circuits.map((circuit) => (
        <li key={circuit.name} title={circuit.lastError ?? undefined}>
          <Mark kind={MARKS[circuit.state]} size={14} label={circuit.state} />
          <span className="ci-n">{circuit.name}</span>
          <Said circuit={circuit} />
        </li>
      ))}
    </ul>
  );
}

function Said({ circuit: { state, since, p50Ms } }: { readonly circuit: CircuitView }) {
  if (state === 'closed') return <span className="tx3 num">{p50Ms === null ? '' : figureOf(p50Ms)}</span>;
  if (since === null) return <span className="alarm-t">{state}</span>;
  return (
    <span className="alarm-t">
      {state} <Ago at={since} />
    </span>
  );
}
