import type { Seams } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { seamRow, seamsOf } from '../layout/scene/seam-bars.ts';

/** The seams of one delivery as a bar, with their numbers as its name. */
export function SeamStrip({
  seams,
  width,
  late = false,
}: {
  readonly seams: Seams;
  readonly width: number;
  readonly late?: boolean;
}) {
  const known = seamsOf(seams);
  if (known.length === 0) {
    return null;
  }
  const lengths = [seams.outboxMs, seams.brokerMs, seams.waitMs, seams.handlerMs].map((ms) => Math.log2(1 + (ms ?? 0)));
  const row = seamRow('strip', seams, lengths, 0, width, 5, 0);
  const name = known.map(({ seam, ms }) => `${seam} ${figureOf(ms)}`).join(', ');
  return (
    <svg className="seambar" width={width} height={10} viewBox={`0 0 ${width} 10`} role="img" aria-label={name}>
      <title>{name}</title>
      {row.bars.map((bar) => (
        <rect
          key={bar.id}
          x={bar.x}
          y={bar.y}
          width={bar.width}
          height={bar.height}
          rx={1}
          className={`seam ${late && bar.kind === 'wait' ? 'over' : bar.kind}`}
        />
      ))}
    </svg>
  );
}

/** The numbers of the seams, one under the other's colour. */
export function SeamNumbers({ seams }: { readonly seams: Seams }) {
  return (
    <dl className="seam-n">
      {seamsOf(seams).map(({ seam, ms }) => (
        <div key={seam}>
          <dt>
            <svg width={8} height={8} viewBox="0 0 8 8" aria-hidden="true">
              <rect width={8} height={8} rx={1} className={`seam ${seam}`} />
            </svg>
            {seam}
          </dt>
          <dd>{figureOf(ms)}</dd>
        </div>
      ))}
    </dl>
  );
}
