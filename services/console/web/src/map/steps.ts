/** Round values from 0 up to `most`, two or three of them above 0: the lines of a small chart. */
export function steps(most: number): readonly number[] {
  const size = 10 ** Math.floor(Math.log10(most / 2));
  const step = [1, 2, 5, 10].map((times) => times * size).find((one) => most / one < 4) ?? most;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => Number((at * step).toPrecision(6)));
}
