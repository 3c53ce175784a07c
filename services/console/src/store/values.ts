/** The values of a statement, each known in its text by its number. */
export class Values {
  readonly all: unknown[] = [];

  /** Returns what stands for the value in the text: `$3::uuid`. */
  add(value: unknown, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}

/** A moment as PostgreSQL reads it. */
export const momentOf = (ms: number): string => new Date(ms).toISOString();

/** A text of which nothing is a wildcard of LIKE. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
