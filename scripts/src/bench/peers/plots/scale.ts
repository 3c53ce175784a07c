/** An axis from zero. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Where a value is, from 0 to 1; values beyond the last tick are at 1. */
  position(value: number): number;
}

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Round steps, at most `most` of them, up to the first that is not below the largest value. */
export function scaleOf(values: readonly number[], most = 5): Scale {
  const largest = Math.max(0, ...values);
  const end = largest === 0 ? 1 : largest;
  const rough = end / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.ceil(end / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
  return { ticks, position: (value) => Math.min(value / (count * step), 1) };
}
