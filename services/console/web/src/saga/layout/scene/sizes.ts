/** Sizes of the drawing in px, from the design's mock-ups. */
export const AXIS = 44;
export const LANE = 84;
export const FOLDED = 44;
export const START = 34;

export const RADIUS = 10;
export const CORNER = 7;
/** Where the text of a mark begins, right of its middle. */
export const TEXT_FROM = 16;
export const NAME_UP = 7;
export const FACT_DOWN = 17;
export const LINE = 12;
export const PIP = 10;
/** Clear ground between the end of a text and what stands right of it. */
export const CLEAR = 8;

/** Between neighbouring events, as far as there is room. */
export const NEAR = 64;
export const FAR = 160;
/** Between any two marks, whatever their lanes. */
export const STEP = 10;
/** From a mark to the one that answers it: corner, four seams of 4 px, the arrow head, and the mark. */
export const HOP = 46;
/** To a small mark: noted, ignored. */
export const SMALL_HOP = 40;
export const BARE_HOP = 34;
export const BAND = 36;
export const GHOST_GAP = 112;

export const SEAM_HIGH = 5;
export const HANDLER_HIGH = 9;
export const WAITING_HIGH = 10;
export const OVER_HIGH = 16;
/** A hop that runs beside the staff is so far above it: neither its handler nor the staff's meets the other. */
export const BESIDE = 9;
export const SEAM_LEAST = 4;
export const TIE_DOWN = 36;
