import { NOW_PAD } from '../layout/drawn/axis.ts';
import type { Scene, Text, TextKind } from '../layout/scene/scene.ts';
import { type Chain, inChain } from './chain.ts';

const KINDS: Readonly<Record<TextKind, string>> = {
  name: 'nm halo',
  fact: 'fact halo',
  seams: 'ms halo',
  over: 'over-t halo',
  tie: 'tie-text halo',
  axis: 'ax',
  band: 'ax-gap',
  flag: 'flag',
};

export function Texts({ scene, chain }: { readonly scene: Scene; readonly chain: Chain }) {
  return (
    <g>
      {scene.texts.map((text) =>
        text.id === 'flag/now' ? (
          <NowFlag key={text.id} text={text} />
        ) : (
          <One key={text.id} text={text} chain={chain} />
        ),
      )}
      {scene.pips.map((pip) => (
        <circle
          key={pip.id}
          r={3.4}
          transform={`translate(${pip.x} ${pip.y})`}
          className={`pip ${pip.handled ? 'ok' : pip.late ? 'late' : 'open'} enter${inChain(chain, pip.of)}`}
        />
      ))}
    </g>
  );
}

const One = ({ text, chain }: { readonly text: Text; readonly chain: Chain }) => (
  <text
    transform={`translate(${text.x} ${text.y})`}
    textAnchor={text.anchor}
    className={`${KINDS[text.kind]} ${text.tone} enter${text.of === null ? '' : inChain(chain, text.of)}`}
  >
    {text.spans.map((span, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the line.
      <tspan key={index} className={span.strong ? 'most' : ''}>
        {span.text}
      </tspan>
    ))}
  </text>
);

const NowFlag = ({ text }: { readonly text: Text }) => (
  <g className="flag-now" transform={`translate(${text.x} 0)`}>
    <rect x={-text.width / 2} y={2} width={text.width} height={18} rx={9} />
    <text y={15} textAnchor="middle" data-pad={NOW_PAD}>
      {text.spans.map((span) => span.text).join('')}
    </text>
  </g>
);
