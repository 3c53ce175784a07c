/** A part of a list: so many rows behind one of them, or from its beginning. */
export interface Page {
  readonly behind?: string | undefined;
  readonly limit: number;
}
