import { outcomeWords } from './words.ts';

const WIDTH = 640;
const AIR = 2;
const ORDER = ['ok', 'dup', 'wait', 'bad'];

/** How many came to what, in one bar: what took effect first, what failed last, what is not done yet empty. */
export function OutcomeBar(props: {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly total: number;
  readonly height: number;
}) {
  const { outcomes, total, height } = props;
  const parts = Object.entries(outcomes)
    .filter(([, many]) => many > 0)
    .map(([outcome, many]) => ({ ...outcomeWords(outcome), many }))
    .sort((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone));
  let x = 0;
  return (
    <svg
      className="dry-bar"
      width="100%"
      height={height}
      viewBox={`0 0 ${WIDTH} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={parts.map(({ many, one }) => `${many} ${one}`).join(', ') || 'nothing yet'}
    >
      <rect width={WIDTH} height={height} className="dr none" />
      {parts.map(({ one, many, tone }) => {
        const width = Math.max(6, (many / Math.max(total, 1)) * WIDTH);
        const begin = x;
        x += width;
        return <rect key={one} x={begin} width={Math.max(1, width - AIR)} height={height} className={`dr ${tone}`} />;
      })}
    </svg>
  );
}
