import type { Scene } from '../layout/scene/scene.ts';

/** What lies under everything: the tints of the way back and of what has not happened, squeezed stretches, staffs. */
export function Grounds({ scene }: { readonly scene: Scene }) {
  const { width, height, axisHeight: top, nowX, turnX } = scene;
  return (
    <g>
      {turnX !== null && (
        <rect
          x={turnX}
          y={top}
          width={Math.max(0, (nowX ?? width) - turnX)}
          height={height - top}
          className="back-tint"
        />
      )}
      {nowX !== null && (
        <rect x={nowX} y={top} width={Math.max(0, width - nowX)} height={height - top} className="future" />
      )}
      {scene.bands.map((band) => (
        <rect key={band.x} x={band.x} y={top} width={band.width} height={height - top} className="gap" />
      ))}
      {scene.lanes.map((lane, index) => (
        <g key={lane.service}>
          {index > 0 && <path d={`M0 ${lane.top}H${width}`} className="rule" />}
          {staffOf(scene).map(([from, to]) => (
            <path key={from} d={`M${from} ${lane.y}H${to}`} className="staff" />
          ))}
          {nowX !== null && <path d={`M${nowX} ${lane.y}H${width}`} className="staff dots" />}
        </g>
      ))}
      {scene.bands.flatMap((band) => [
        ...(band.onAxis ? [<Slashes key={`${band.x}/top`} x={band.x} width={band.width} y={top - 5} />] : []),
        ...band.slashes.map((y) => <Slashes key={`${band.x}/${y}`} x={band.x} width={band.width} y={y} />),
      ])}
      <path d={`M0 ${top}H${width}`} className="rule" />
    </g>
  );
}

const Slashes = ({ x, width, y }: { readonly x: number; readonly width: number; readonly y: number }) => (
  <path d={`M${x + 2} ${y + 5}l5-10M${x + width - 7} ${y + 5}l5-10`} className="slash" />
);

/** The staff is broken where time is. */
function staffOf({ bands, nowX, width }: Scene): readonly (readonly [number, number])[] {
  const end = nowX ?? width;
  const parts: (readonly [number, number])[] = [];
  let from = 0;
  for (const band of bands) {
    parts.push([from, Math.min(end, band.x)]);
    from = band.x + band.width;
  }
  return [...parts, [from, Math.max(from, end)]];
}

/** The lines through the lanes, and the ticks of the axis. */
export function Lines({ scene }: { readonly scene: Scene }) {
  const axis = scene.axisHeight;
  return (
    <g>
      {scene.marks
        .filter((mark) => mark.at !== null && mark.stepId !== null)
        .map((mark) => (
          <path key={mark.id} d={`M${mark.x} ${axis - 6}V${axis}`} className="ax-tick" />
        ))}
      {scene.lines.map((line) => (
        <path key={line.kind} d={`M${line.x} ${line.y1}V${line.y2}`} className={`${line.kind}-line`} />
      ))}
    </g>
  );
}
