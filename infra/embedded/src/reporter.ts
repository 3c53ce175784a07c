import type { WriteStream } from 'node:tty';

/** Shows a person the progress of a start. */
export interface Reporter {
  /** A line worth reading. */
  note(line: string): void;
  /** A line that asks for attention. */
  warn(line: string): void;
  /** Shows that `work` runs, what it reports through `update`, and how long it took. Passes its outcome on. */
  step<T>(title: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
}

/** Says nothing. */
export const silent: Reporter = { note: () => {}, warn: () => {}, step: (_title, work) => work(() => {}) };

const updateEveryMs = 3000;
const seconds = (sinceMs: number): string => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Plain lines, for logs and pipes: the report of a step at most every three seconds, and one line when it is done. */
export function plainReporter(write: (line: string) => void): Reporter {
  return {
    note: write,
    warn: (line) => write(`! ${line}`),
    async step(title, work) {
      const start = Date.now();
      let next = start + updateEveryMs;
      const result = await work((detail) => {
        if (Date.now() < next) return;
        next = Date.now() + updateEveryMs;
        write(`  ${title}: ${detail}`);
      });
      write(`  ${title}: ready after ${seconds(start)}`);
      return result;
    },
  };
}

const redrawEveryMs = 100;
const green = (text: string): string => `\x1b[32m${text}\x1b[0m`;
const yellow = (text: string): string => `\x1b[33m${text}\x1b[0m`;
const dim = (text: string): string => `\x1b[2m${text}\x1b[0m`;

/** Lines with colours, and below them one line that shows what is being done. */
export function terminalReporter(terminal: WriteStream): Reporter {
  const running = new Map<symbol, { readonly title: string; readonly start: number; detail: string }>();
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    const steps = [...running.values()].map(({ title, start, detail }) => `${title} ${detail || seconds(start)}`);
    terminal.write(`\r\x1b[K${dim(`  … ${steps.join(' · ')}`.slice(0, (terminal.columns || 80) - 1))}`);
  };
  const print = (line: string): void => {
    terminal.write(`\r\x1b[K${line}\n`);
    if (running.size > 0) draw();
  };
  const show = (): void => {
    timer ??= running.size > 0 ? setInterval(draw, redrawEveryMs).unref() : undefined;
    if (running.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    terminal.write('\r\x1b[K');
  };

  return {
    note: print,
    warn: (line) => print(`${yellow('!')} ${line}`),
    async step(title, work) {
      const key = Symbol(title);
      const state = { title, start: Date.now(), detail: '' };
      running.set(key, state);
      show();
      try {
        const result = await work((detail) => {
          state.detail = detail;
        });
        running.delete(key);
        print(`${green('✔')} ${title} ${dim(seconds(state.start))}`);
        return result;
      } finally {
        running.delete(key);
        show();
      }
    },
  };
}
