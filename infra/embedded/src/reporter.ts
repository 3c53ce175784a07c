/** Tells a person how a start goes. */
export interface Reporter {
  /** A line worth reading. */
  note(line: string): void;
  /** A line that asks for attention. */
  warn(line: string): void;
  /** Shows that `work` runs, with what it tells through `update`, and how long it took. Passes its outcome on. */
  step<T>(title: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** Says nothing. */
export const silent: Reporter = { note: () => {}, warn: () => {}, step: (_title, work) => work(() => {}) };

/** Plain lines, one when something is done; for logs and pipes. */
export function plainReporter(write: (line: string) => void): Reporter {
  return {
    note: write,
    warn: (line) => write(`! ${line}`),
    async step(title, work) {
      const start = Date.now();
      const result = await work((detail) => write(`  ${title}: ${detail}`));
      write(`  ${title} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      return result;
    },
  };
}
