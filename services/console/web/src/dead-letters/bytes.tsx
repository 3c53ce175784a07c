import type { DeadLetterDetail } from '../../../src/contract/work.ts';
import { CopyButton, PanelPart, bytes as sized } from '../parts/index.ts';

const WIDTH = 8;
/** More is copied, not read. */
const LINES = 32;

/** The bytes as they came. Where decoding is known to have ended, the rest is marked. */
export function Bytes({ detail: { hex, bytes, brokenAt = null } }: { readonly detail: DeadLetterDetail }) {
  const all = pairsOf(hex);
  if (all.length === 0)
    return (
      <PanelPart title="Bytes">
        <p className="tx2">The record has no value.</p>
      </PanelPart>
    );
  const shown = all.slice(0, WIDTH * LINES);
  const lines = Array.from({ length: Math.ceil(shown.length / WIDTH) }, (_, at) => at * WIDTH);
  return (
    <PanelPart
      title="Bytes"
      count={
        <>
          {brokenAt === null ? sized(bytes) : `decodes up to byte ${brokenAt} of ${bytes}`}{' '}
          <CopyButton text={hex} name="the bytes in hex" />
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className="code" tabIndex={0} aria-label="Bytes in hex">
        <pre>
          {lines.map((from) => (
            <Line key={from} from={from} pairs={shown.slice(from, from + WIDTH)} brokenAt={brokenAt} />
          ))}
        </pre>
      </section>
      {bytes > shown.length && <p className="tx3">{`${sized(bytes - shown.length)} more are not shown.`}</p>}
    </PanelPart>
  );
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

const pairsOf = (hex: string): string[] => hex.replaceAll(/[^0-9a-f]/gi, '').match(/../g) ?? [];

/** What can be read of a byte; a dot for what cannot. */
function letter(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
}
