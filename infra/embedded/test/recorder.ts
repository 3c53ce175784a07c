import type { Reporter } from '../src/reporter.ts';

/** A reporter that keeps what it was told. */
export class Recorder implements Reporter {
  readonly lines: string[] = [];

  note = (line: string): void => {
    this.lines.push(line);
  };

  warn = (line: string): void => {
    this.lines.push(line);
  };

  step<T>(_title: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T> {
    return work(this.note);
  }
}
