import { Link } from 'wouter';
import type { MapView } from '../../../src/contract/services.ts';
import { iconShape, serviceHue, serviceIcon } from '../parts/index.ts';
import type { PlacedNode } from './layout/layout.ts';
import { Said, SEEN_ONLY } from './wire.tsx';

const LOOKS = { ready: '', 'not ready': 'warn', away: 'bad' } as const;
/** So many letters have room in a line. */
const LETTERS = 19;

/** A service, with how it stands. It leads to all that is known of it. */
export function Node({
  node,
  said,
}: {
  readonly node: PlacedNode;
  readonly said: MapView['services'][number] | undefined;
}) {
  const { service, x, y, width, height } = node;
  const standing = said?.standing ?? 'ready';
  const look = LOOKS[standing];
  return (
    <Link href={`/services?open=${encodeURIComponent(service)}`} className={`node ${look}`} {...serviceHue(service)}>
      <Said text={`${service}, ${said?.lines.join(', ') ?? standing}`} />
      <rect x={x} y={y} width={width} height={height} rx="8" className="n-box" />
      <rect x={x} y={y} width="4" height={height} rx="2" className="n-bar" />
      <g transform={`translate(${x + 14} ${y + 12})`} className="n-i">
        <rect width="22" height="22" rx="5" />
        <g transform="translate(4 4) scale(.875)">{iconShape(serviceIcon(service))}</g>
      </g>
      <g {...SEEN_ONLY}>
        <text x={x + 44} y={y + 28} className="n-n">
          {service}
        </text>
        {said?.lines.slice(0, 2).map((line, at) => (
          <text key={line} x={x + 14} y={y + 53 + 17 * at} className={at === 0 ? `n-l ${look}` : 'n-l'}>
            {line.length > LETTERS ? `${line.slice(0, LETTERS - 1)}…` : line}
            <title>{line}</title>
          </text>
        ))}
      </g>
    </Link>
  );
}
