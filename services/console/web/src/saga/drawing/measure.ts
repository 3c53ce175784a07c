import type { Measure, TextKind } from '../layout/scene/scene.ts';
import { guessWidth } from '../layout/scene/text-width.ts';

const widths = new Map<string, number>();
let fonts: Readonly<Record<TextKind, string>> | null = null;
let loads = 0;
let context: CanvasRenderingContext2D | null | undefined;

/** As wide as this browser draws it, in the fonts of drawing.css. Asked once a text. */
export const measure: Measure = (text, kind) => {
  const key = `${kind}/${text}`;
  const known = widths.get(key);
  if (known !== undefined) {
    return known;
  }
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) {
    return guessWidth(text, kind);
  }
  fonts ??= fontsOf(getComputedStyle(document.documentElement));
  context.font = fonts[kind];
  const width = Math.ceil(context.measureText(text).width + 1);
  widths.set(key, width);
  return width;
};

/** Calls `changed` when a font has come: then every width is another. */
export function watchFonts(changed: () => void): () => void {
  const forget = (): void => {
    widths.clear();
    loads++;
    changed();
  };
  document.fonts.addEventListener('loadingdone', forget);
  return () => document.fonts.removeEventListener('loadingdone', forget);
}

/** How often fonts have come. */
export const fontLoads = (): number => loads;

function fontsOf(style: CSSStyleDeclaration): Readonly<Record<TextKind, string>> {
  const sans = style.getPropertyValue('--sans') || 'sans-serif';
  const mono = style.getPropertyValue('--mono') || 'monospace';
  return {
    name: `600 12px ${sans}`,
    fact: `600 11px ${sans}`,
    seams: `500 10.5px ${mono}`,
    over: `650 12px ${sans}`,
    tie: `400 11px ${sans}`,
    axis: `400 10.5px ${mono}`,
    band: `400 10.5px ${mono}`,
    flag: `600 11px ${sans}`,
  };
}
