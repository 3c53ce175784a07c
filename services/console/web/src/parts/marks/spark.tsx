/** A bar for each value, the newest to the right, the largest as high as the drawing. */
export function Spark(props: {
  readonly values: readonly number[];
  readonly tone?: 'alarm' | 'caution' | 'undo' | 'ok' | 'live';
  readonly width?: number;
  readonly height?: number;
  /** What it shows. Without it the drawing is decoration. */
  readonly label?: string;
}) {
  const { values, tone = '', width = 90, height = 24, label } = props;
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: `named` gives its name, or hides it.
    <svg className={`spark ${tone}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} {...named}>
      {values.map((value, at) => {
        const tall = value === 0 ? 1 : Math.max(2, (value / most) * height);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place.
          <rect key={at} x={at * step} y={height - tall} width={Math.max(1, step - 1)} height={tall} />
        );
      })}
    </svg>
  );
}
