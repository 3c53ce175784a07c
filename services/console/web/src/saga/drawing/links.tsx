import type { BarKind, Scene, WireKind } from '../layout/scene/scene.ts';
import { type Chain, inChain } from './chain.ts';

const WIRES: Readonly<Record<WireKind, string>> = {
  there: 'wire',
  plain: 'wire',
  back: 'wire undo',
  'back-thin': 'wire thin-undo',
  expected: 'wire exp',
  late: 'wire late',
  person: 'wire person',
  ask: 'wire ask',
  'ask-back': 'wire ask undo',
  answer: 'wire answer',
  'answer-back': 'wire answer undo',
};
const BARS: Readonly<Record<BarKind, string>> = {
  outbox: 'seam outbox',
  broker: 'seam broker',
  wait: 'seam wait',
  handler: 'seam handler',
  waiting: 'seam waiting',
  held: 'seam outbox soft',
  over: 'seam over',
  try: 'seam try',
  orchestrator: 'seam handler',
};

/** Everything between the marks: ties, wires, bars, arrow heads. */
export function Links({ scene, chain }: { readonly scene: Scene; readonly chain: Chain }) {
  return (
    <>
      <g>
        {scene.ties.map((tie) => (
          <g key={tie.id} className={`enter${inChain(chain, tie.from, tie.to)}`}>
            <path d={tie.d} className="tie" />
            <path d={tie.head} className="tie-head" />
          </g>
        ))}
      </g>
      <g>
        {scene.wires.map((wire) => (
          <path
            key={wire.id}
            d={wire.d}
            className={`${WIRES[wire.kind]} enter${inChain(chain, wire.from, wire.to ?? wire.from)}`}
          />
        ))}
      </g>
      <g>
        {scene.bars.map((bar) => (
          <rect
            key={bar.id}
            x={bar.x}
            y={bar.y}
            width={bar.width}
            height={bar.height}
            rx={bar.height > 12 ? 0 : 1}
            className={`${BARS[bar.kind]} enter${inChain(chain, bar.from, bar.to ?? bar.from)}`}
          >
            <title>{bar.title}</title>
          </rect>
        ))}
        {scene.heads.map((head) => (
          <path
            key={head.id}
            d="M0-5.5l5 5.5-5 5.5z"
            transform={`translate(${head.x} ${head.y})`}
            className={`head enter${head.back ? ' undo' : ''}${inChain(chain, head.from, head.to)}`}
          />
        ))}
        {scene.crosses.map((cross) => (
          <path key={cross.id} d={`M${cross.x - 4} ${cross.y - 4}l8 8m0-8-8 8`} className="try-x enter" />
        ))}
      </g>
    </>
  );
}
