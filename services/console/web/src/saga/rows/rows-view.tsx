import type { CSSProperties } from 'react';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { MarkAt, ServiceSquare } from '../../parts/index.ts';
import { MEANINGS } from '../layout/marks/occurrences.ts';
import { type Row, rowsOf } from './rows.ts';
import { rowsScene } from './rows-scene.ts';
import './rows.css';

const WIRES = { there: 'wire', back: 'wire undo', expected: 'wire exp' } as const;

/** The saga as rows: the lanes of a phone, and the list of a desktop. */
export function RowsView({
  detail,
  chosen,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}) {
  const rows = rowsOf(detail);
  const scene = rowsScene(rows);
  const turned = scene.turn;
  return (
    <div className="graph">
      <div className="g-heads">
        {rows.services.map((service) => (
          <ServiceSquare key={service} name={service} label={service} />
        ))}
      </div>
      <div className="g-body" style={{ '--g': `${scene.width + 12}px` } as CSSProperties}>
        <svg
          className="score g-score"
          width={scene.width + 12}
          height={rows.height}
          viewBox={`0 0 ${scene.width + 12} ${rows.height}`}
          aria-hidden="true"
        >
          {scene.lanes.map((x) => (
            <path key={x} d={`M${x} 0V${rows.height}`} className="staff" />
          ))}
          {scene.wires.map((wire) => (
            <path key={wire.id} d={wire.d} className={`${WIRES[wire.kind]} enter`} />
          ))}
          {scene.bars.map((bar) => (
            <rect key={bar.id} x={bar.x} y={bar.y} width={9} height={bar.height} className="seam over enter" />
          ))}
          {scene.marks.map(({ row, x, y }) => (
            <g key={row.id} className="enter" transform={`translate(${x} ${y})`}>
              {row.id === chosen && <circle r={12} className="chosen" />}
              <MarkAt kind={row.mark ?? 'done'} x={0} y={0} size={20} />
            </g>
          ))}
        </svg>
        <ol>
          {rows.rows.map((row) => (
            <li key={row.id} className={lookOf(row, turned, chosen)} style={{ height: row.height }}>
              {row.kind === 'now' ? (
                <span>{row.title}</span>
              ) : (
                <button type="button" onClick={() => onChoose(row.id)} aria-pressed={row.id === chosen}>
                  <span className="g-1">
                    <b className={row.tone}>{row.title}</b>
                    <span className="vh">{`, ${row.mark === null ? '' : MEANINGS[row.mark]},`}</span>
                    <span className="num">{row.time}</span>
                  </span>
                  <span className="g-2">
                    {row.lines.map((line) => (
                      <span key={line}>{line}</span>
                    ))}
                  </span>
                </button>
              )}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function lookOf(row: Row, turned: number | null, chosen: string | null): string {
  const back = turned !== null && row.top >= turned && row.kind === 'event' && row.tone !== 'plain';
  return `is-${row.kind}${back ? ' is-back' : ''}${row.id === chosen ? ' is-sel' : ''}`;
}
