import { payloadLines } from './payload-lines.ts';

export function Payload({ payload }: { readonly payload: Readonly<Record<string, unknown>> }) {
  const lines = payloadLines(payload);
  const column = Math.min(20, Math.max(...lines.map((line) => line.name.length + 2 * line.depth), 4) + 2);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <div className="code" tabIndex={0} role="group" aria-label="Payload">
      <pre>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place.
          <span key={index}>
            <span className="k">{`${'  '.repeat(line.depth)}${line.name}`.padEnd(column)}</span>
            <span className={{ text: 's', value: 'v', group: 'p' }[line.kind]} title={line.whole ?? undefined}>
              {line.value}
            </span>
            {line.words !== '' && <span className="c">{`  ${line.words}`}</span>}
            {'\n'}
          </span>
        ))}
      </pre>
    </div>
  );
}
