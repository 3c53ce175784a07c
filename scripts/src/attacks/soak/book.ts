import { type Judgement, judged, type Point } from './trend.ts';

/** What is looked at again and again, and of whom: the memory of payment. */
export interface Measure {
  readonly what: string;
  readonly of: string;
  readonly unit: string;
  /** A rise of less than this in an hour does not matter, however small the value is; nor one of less than a quarter of it. */
  readonly slack: number;
  /** Why it may grow, for what is kept on purpose. */
  readonly kept?: string;
}

export interface Reading extends Measure {
  readonly value: number;
}

/** What a measure came to. */
export interface Entry extends Measure, Judgement {
  /** It grows, and nobody has said that it should. */
  readonly isFault: boolean;
}

/** All readings of a run. */
export class Book {
  readonly #pages = new Map<string, { readonly measure: Measure; readonly points: Point[] }>();

  /** @param atMs the same for all readings of one look. */
  enter(atMs: number, readings: readonly Reading[]): void {
    for (const { value, ...measure } of readings) {
      const name = `${measure.what} ${measure.of}`;
      const page = this.#pages.get(name) ?? { measure, points: [] };
      page.points.push({ atMs, value });
      this.#pages.set(name, page);
    }
  }

  /**
   * Judges every measure by the second half of the time. In the first half caches fill, code is compiled, and retention has not
   * begun to delete.
   */
  entries(): readonly Entry[] {
    return [...this.#pages.values()].map(({ measure, points }) => {
      const [begin, end] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0];
      const judgement = judged(
        points.filter(({ atMs }) => atMs >= (begin + end) / 2),
        measure.slack,
      );
      const grows = judgement.verdict === 'grows';
      const why = grows && measure.kept !== undefined ? measure.kept : judgement.why;
      return { ...measure, ...judgement, why, isFault: grows && measure.kept === undefined };
    });
  }
}
