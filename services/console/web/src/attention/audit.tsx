import type { OperatorActView } from '../../../src/contract/work.ts';
import { Button, Moment, ServiceBadge, Table, useQuery } from '../parts/index.ts';

const SHOWN = 6;

/** Who did what, newest first. It is kept for ever. */
export function Audit({ acts, all }: { readonly acts: readonly OperatorActView[]; readonly all: boolean }) {
  const [, setQuery] = useQuery();
  const shown = all ? acts : acts.slice(0, SHOWN);
  return (
    <section className="at-audit" aria-label="Who did what">
      <header>
        <h2>Who did what</h2>
        {!all && acts.length > SHOWN && (
          <Button look="quiet" onClick={() => setQuery({ kind: 'done' })}>
            All of it
          </Button>
        )}
      </header>
      {acts.length === 0 ? (
        <p className="tx2">
          Nobody has done anything yet. Every act leaves its operator, its reason and its time here.
        </p>
      ) : (
        <Table
          name="Acts of operators"
          rows={shown}
          keyOf={({ at, target, act }) => `${at}/${target}/${act}`}
          columns={[
            { head: 'When', cell: ({ at }) => <Moment at={at} /> },
            { head: 'Who', cell: ({ operator }) => <b>{operator}</b> },
            { head: 'Act', cell: ({ act }) => <span className="mono">{act}</span> },
            { head: 'At', cell: ({ service }) => <ServiceBadge name={service} /> },
            { head: 'To what', cell: ({ target }) => <span className="mono tx2">{target}</span> },
            {
              head: 'Why',
              wrap: true,
              cell: ({ reason }) => (reason === null ? '' : <span className="tx2">“{reason}”</span>),
            },
          ]}
        />
      )}
    </section>
  );
}
