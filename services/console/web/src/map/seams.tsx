import type { EdgeDetail } from '../../../src/contract/services.ts';
import { PanelPart, shortDurationOf } from '../parts/index.ts';

type Seam = EdgeDetail['seams'][number];

const WIDTH = 328;
/** What took any time at all is seen. */
const LEAST = 4;
/** A wait of so long is no delivery any more. */
const LONG_WAIT_MS = 1_000;

/** Where the time of this edge goes, from the commit of who says it to the commit of who hears it. */
export function Seams({ seams }: { readonly seams: readonly Seam[] }) {
  if (seams.every(({ p50Ms }) => p50Ms === null))
    return (
      <PanelPart title="Where the time goes">
        <p className="tx2">Not known: nothing has passed that was traced.</p>
      </PanelPart>
    );
  return (
    <PanelPart title="Where the time goes">
      <Bar seams={seams} />
      <table className="mini">
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">seam</span>
            </th>
            <th scope="col">p50</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {seams.map((seam) => (
            <tr key={seam.seam} className={isLong(seam) ? 'alarm-t' : ''}>
              <th scope="row">
                <i className={`sw ${seam.seam}`} />
                {seam.seam}
              </th>
              <td>{seam.p50Ms === null ? '' : shortDurationOf(seam.p50Ms)}</td>
              <td>{seam.p99Ms === null ? '' : shortDurationOf(seam.p99Ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </PanelPart>
  );
}

const isLong = ({ seam, p50Ms }: Seam): boolean => seam === 'wait' && (p50Ms ?? 0) > LONG_WAIT_MS;

function Bar({ seams }: { readonly seams: readonly Seam[] }) {
  const known = seams.filter(({ p50Ms }) => p50Ms !== null && p50Ms > 0);
  const total = known.reduce((sum, { p50Ms }) => sum + (p50Ms ?? 0), 0);
  const room = WIDTH - known.length * (LEAST + 1);
  let x = 0;
  return (
    <svg className="seambar" width={WIDTH} height="8" viewBox={`0 0 ${WIDTH} 8`} aria-hidden="true">
      {known.map((seam) => {
        const width = LEAST + ((seam.p50Ms ?? 0) / total) * room;
        const begin = x;
        x += width + 1;
        const handler = seam.seam === 'handler';
        return (
          <rect
            key={seam.seam}
            x={begin}
            y={handler ? 0 : 1.5}
            width={width}
            height={handler ? 8 : 5}
            rx="1"
            className={`sb ${seam.seam} ${isLong(seam) ? 'over' : ''}`}
          />
        );
      })}
    </svg>
  );
}
