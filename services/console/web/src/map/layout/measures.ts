/** All lengths of the map, in pixels. */
export const NODE = { width: 128, height: 84, inset: 14 };
/** A name has room beside its icon. */
export const nodeWidth = (service: string): number => Math.max(NODE.width, Math.ceil(56 + service.length * 8.2));
export const GAP = 142;
/** Between two places where lines touch a node. */
export const SLOT = { wish: 28, least: 14 };
/** Straight lines run so far above and below the middle. */
export const STRAIGHT = 14;
export const LEVEL = { above: 70, below: 68, first: 62 };
/** From the last level to the services below. */
export const TO_BELOW = 62;
export const MARGIN = { left: 105, right: 54, top: 52, bottom: 36 };
export const CORNER = 10;
/** Between a name and the next line. */
export const CLEAR = 6;

/** Two lines: the name, and what is measured. The second has room for so many figures, whatever it says. */
const NAME_PER_LETTER = 7.1;
const FIGURES = 16 * 6.65;
export const LABEL = { height: 30, toLine: 6, pill: 10 };
export const labelWidth = (event: string): number => Math.ceil(Math.max(event.length * NAME_PER_LETTER, FIGURES));
export const PILL = { height: 22, perLetter: 6.4, padding: 20 };
