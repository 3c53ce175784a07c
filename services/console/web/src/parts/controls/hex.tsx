const WIDTH = 8;
/** More is copied, not read. */
const LINES = 32;

/** Bytes for people: `0000  00 00 00 00 03 48 30 31  .....H01`. Where decoding is known to have ended, the rest is marked. */
export function Hex({ hex, brokenAt = null }: { readonly hex: string; readonly brokenAt?: number | null }) {
  const all = bytePairs(hex);
  const shown = all.slice(0, WIDTH * LINES);
  const lines = Array.from({ length: Math.ceil(shown.length / WIDTH) }, (_, at) => at * WIDTH);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className="code" tabIndex={0} aria-label="Bytes in hex">
        <pre>
          {lines.map((from) => (
            <Line key={from} from={from} pairs={shown.slice(from, from + WIDTH)} brokenAt={brokenAt} />
          ))}
        </pre>
      </section>
      {all.length > shown.length && <p className="tx3">{`${all.length - shown.length} more bytes are not shown.`}</p>}
    </>
  );
}

/** Pairs of digits: of plain digits, or of such lines. */
export function bytePairs(hex: string): string[] {
  const lines = hex
    .split('\n')
    .flatMap((line) => /^[0-9a-f]{4,} {2}((?:[0-9a-f]{2} ){0,7}[0-9a-f]{2})/i.exec(line)?.[1] ?? []);
  const digits = lines.length > 0 ? lines.join(' ') : hex;
  return digits.replaceAll(/[^0-9a-f]/gi, '').match(/../g) ?? [];
}

function Line(props: { readonly from: number; readonly pairs: readonly string[]; readonly brokenAt: number | null }) {
  const { from, pairs, brokenAt } = props;
  const good = brokenAt === null ? pairs.length : Math.min(Math.max(brokenAt - from, 0), pairs.length);
  const [read, broken] = [pairs.slice(0, good), pairs.slice(good)];
  const gap = read.length > 0 && broken.length > 0 ? ' ' : '';
  const missing = ' '.repeat((WIDTH - pairs.length) * 3);
  return (
    <>
      <span className="c">{from.toString(16).padStart(4, '0')}</span>
      {`  ${read.join(' ')}${gap}`}
      {broken.length > 0 && <mark>{broken.join(' ')}</mark>}
      {`${missing}  `}
      <span className="c">{pairs.map(letter).join('')}</span>
      {'\n'}
    </>
  );
}

/** What can be read of a byte; a dot for what cannot. */
function letter(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
}
