import { ASCENT, DESCENT } from '../marks/labels.ts';
import type { Segment, Text } from '../scene/scene.ts';

export interface Box {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
}

/** The ground that a text takes. */
export function boxOf(text: Pick<Text, 'x' | 'y' | 'anchor' | 'width'>): Box {
  const x1 = text.anchor === 'start' ? text.x : text.anchor === 'end' ? text.x - text.width : text.x - text.width / 2;
  return { x1, x2: x1 + text.width, y1: text.y - ASCENT, y2: text.y + DESCENT };
}

export const meets = (a: Box, b: Box): boolean => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;

/** Texts that stand, and ground that is taken: a further text is set where it meets nothing, or not at all. */
export class PlacedTexts {
  readonly texts: Text[] = [];
  readonly #taken: Box[] = [];
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  take(box: Box): void {
    this.#taken.push(box);
  }

  takeSegments(segments: readonly Segment[], half = 1): void {
    for (const { x1, y1, x2, y2 } of segments) {
      this.take({
        x1: Math.min(x1, x2) - half,
        x2: Math.max(x1, x2) + half,
        y1: Math.min(y1, y2) - half,
        y2: Math.max(y1, y2) + half,
      });
    }
  }

  isFree(box: Box): boolean {
    const isInside = box.x1 >= 0 && box.x2 <= this.#width;
    return (
      isInside && !this.#taken.some((other) => meets(box, other)) && !this.texts.some((text) => meets(box, boxOf(text)))
    );
  }

  /** Sets the first that meets nothing. */
  set(...candidates: readonly Text[]): Text | null {
    for (const text of candidates) {
      if (this.isFree(boxOf(text))) {
        this.texts.push(text);
        return text;
      }
    }
    return null;
  }
}
