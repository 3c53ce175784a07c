import type { Measure, TextKind } from './scene.ts';

const NARROW = new Set("iljtfrI.,:;'|! ()[]·’");
const WIDE = new Set('mwMWOQGDHNU%@—');
const MONO: readonly TextKind[] = ['seams', 'axis', 'band'];
const SIZES: Readonly<Record<TextKind, number>> = {
  name: 12,
  fact: 11,
  seams: 10.5,
  over: 12,
  tie: 11,
  axis: 10.5,
  band: 10.5,
  flag: 11,
};

/** A fair guess without a browser: wider than Inter, narrower than DejaVu. */
export const guessWidth: Measure = (text, kind) => {
  const size = SIZES[kind];
  if (MONO.includes(kind)) {
    return text.length * size * 0.61;
  }
  const heavy = kind === 'name' || kind === 'over' || kind === 'flag' ? 1.06 : 1;
  let em = 0;
  for (const character of text) {
    em += NARROW.has(character) ? 0.33 : WIDE.has(character) ? 0.84 : 0.58;
  }
  return em * size * heavy;
};
