import { Link } from 'wouter';
import type { EdgeView, MapView } from '../../../src/contract/services.ts';
import { count } from '../parts/index.ts';
import type { Branch } from './layout/branches.ts';
import { edgeKey } from './layout/input.ts';
import type { Wire } from './layout/layout.ts';
import { PILL } from './layout/measures.ts';
import { figures, isBehind, isIdle, sentence, widthOf } from './words.ts';

interface Drawn {
  readonly wire: Wire;
  readonly edges: readonly EdgeView[];
  readonly standings: ReadonlyMap<string, MapView['services'][number]>;
  readonly selected: string | null;
  readonly hrefOf: (edge: EdgeView) => string;
}

/** One event: a line to each reader, its name, and on the line what waits there. Each reader's line is a link of its own. */
export function DrawnWire({ wire, edges, standings, selected, hrefOf }: Drawn) {
  const behind = (edge: EdgeView) => isBehind(edge, standings.get(edge.to)?.standing);
  const worst = [...edges].sort((a, b) => badness(b) - badness(a) || b.perSecond - a.perSecond)[0];
  if (worst === undefined) return null;
  const ordered = [...edges].sort((a, b) => Number(behind(a)) - Number(behind(b)));
  return (
    <g className="wire">
      {ordered.map((edge) => {
        const branch = wire.branches.find(({ edge: placed }) => placed.to === edge.to);
        const key = edgeKey(edge);
        if (branch === undefined) return null;
        return (
          <Link key={key} href={hrefOf(edge)} className="edge">
            <Said text={sentence(edge, standings.get(edge.to)?.standing)} />
            <Line branch={branch} edge={edge} bad={behind(edge)} selected={key === selected} />
            {edge === worst && <Words wire={wire} edge={edge} bad={behind(edge)} />}
          </Link>
        );
      })}
    </g>
  );
}

/** What a line says to whoever does not see it. As text within the link it is its name, and what is seen may say less. */
export function Said({ text }: { readonly text: string }) {
  return <text className="said">{text}</text>;
}

/** What is drawn beside it, for eyes. */
export const SEEN_ONLY = { 'aria-hidden': true } as const;

const badness = ({ behind, deadLetters, parked }: EdgeView): number => behind + 10 * deadLetters + parked;

const HEADS = {
  right: 'M-8-5 0 0-8 5z',
  left: 'M8-5 0 0 8 5z',
  up: 'M-5 8 0 0 5 8z',
  down: 'M-5-8 0 0 5-8z',
} as const;

function Line(props: {
  readonly branch: Branch;
  readonly edge: EdgeView;
  readonly bad: boolean;
  readonly selected: boolean;
}) {
  const { branch, edge, bad, selected } = props;
  const { at, towards } = branch.head;
  const look = lookOf(edge, bad);
  return (
    <>
      {selected && <path d={branch.path} className="e-sel" />}
      <path d={branch.path} className="e-hit" />
      <path d={branch.path} className={`e ${look}`} strokeWidth={widthOf(edge)} />
      <path d={HEADS[towards]} transform={`translate(${at[0]} ${at[1]})`} className={`e-head ${look}`} />
    </>
  );
}

function Words({
  wire: { label, event },
  edge,
  bad,
}: {
  readonly wire: Wire;
  readonly edge: EdgeView;
  readonly bad: boolean;
}) {
  const { deadLetters, behind } = edge;
  const pill = bad ? `${count(behind)} behind` : deadLetters > 0 ? `${count(deadLetters)} dead` : null;
  const [name, second] = pill === null ? label.plain : label.lifted;
  const look = lookOf(edge, bad);
  return (
    <g {...SEEN_ONLY}>
      <text x={label.x} y={name} textAnchor={label.anchor} className={`e-n ${look}`}>
        {event}
      </text>
      <text x={label.x} y={second} textAnchor={label.anchor} className={`e-s ${look}`}>
        {bad && deadLetters > 0 ? `${count(deadLetters)} dead besides` : figures(edge)}
      </text>
      {pill !== null && <Pill text={pill} dead={!bad} at={label.pill} />}
    </g>
  );
}

function Pill(props: {
  readonly text: string;
  readonly dead: boolean;
  readonly at: { readonly x: number; readonly y: number };
}) {
  const width = props.text.length * PILL.perLetter + PILL.padding;
  return (
    <g className={props.dead ? 'pill dead' : 'pill'} transform={`translate(${props.at.x} ${props.at.y})`}>
      <rect x={-width / 2} y={-PILL.height / 2} width={width} height={PILL.height} rx={PILL.height / 2} />
      <text y="4" textAnchor="middle">
        {props.text}
      </text>
    </g>
  );
}

function lookOf(edge: EdgeView, bad: boolean): string {
  const kind =
    edge.kind === 'back' ? 'back' : edge.kind === 'person' ? 'person' : edge.kind === 'informs' ? 'faint' : 'fwd';
  return `${kind} ${bad ? 'bad' : ''} ${isIdle(edge) ? 'idle' : ''}`;
}
