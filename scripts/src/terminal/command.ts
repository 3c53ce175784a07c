import { plainReporter, type Reporter, StartError, terminalReporter } from '@troupe/embedded';

/** Colours and a moving line in a terminal; plain lines elsewhere, or when NO_COLOR is set. */
export function reporter(): Reporter {
  const plain = !process.stdout.isTTY || process.env.NO_COLOR || process.env.TERM === 'dumb';
  return plain ? plainReporter((line) => console.log(line)) : terminalReporter(process.stdout);
}

export interface Output {
  readonly report: Reporter;
  /** A line for people. */
  print(line: string): void;
  /** The result: one JSON document on standard output with `--json`, else lines for people. */
  result(document: object, lines: readonly string[]): void;
}

/** Where a command says what it has to say. With `json`, all but the result goes to standard error. */
export function outputOf(json: boolean): Output {
  const report = json ? plainReporter((line) => console.error(line)) : reporter();
  const result = (document: object, lines: readonly string[]): void => {
    if (json) console.log(JSON.stringify(document));
    else lines.forEach(report.note);
  };
  return { report, print: report.note, result };
}

/** Passes the outcome of `work` on. With `json`, faults that a person can mend are the result as well. */
export async function orFaults<Outcome>(json: boolean, work: Promise<Outcome>): Promise<Outcome> {
  return work.catch((error: unknown) => {
    if (json && error instanceof StartError) console.log(JSON.stringify({ ok: false, faults: error.faults }));
    throw error;
  });
}

/** The exit code of a command that was interrupted, as shells know it. */
const interruptedCode = 130;

class Interrupted extends Error {}

/** Runs a command to its end: a fault that a person can mend is shown as sentences, anything else with its stack. */
export async function runCommand(command: () => Promise<void>): Promise<never> {
  try {
    await command();
    process.exit();
  } catch (error) {
    if (error instanceof StartError) console.error(`\n${asList(error.faults)}`);
    else console.error(error instanceof Interrupted ? error.message : error);
    process.exit(error instanceof Interrupted ? interruptedCode : 1);
  }
}

function asList(faults: readonly string[]): string {
  return faults.map((fault) => `✗ ${fault}`).join('\n');
}

const parentPollMs = 500;

/**
 * Aborted by the first Ctrl-C, SIGTERM or SIGHUP, by an unexpected error, when nobody reads the output any more, and when the
 * npm that started us has ended, since it does not pass SIGTERM on. Later signals are answered, and change nothing.
 */
export function interruption(report: Reporter): AbortSignal {
  const interrupted = new AbortController();
  let since = 0;
  const interrupt = (why: string): void => {
    // npm passes on what the terminal has sent already.
    if (interrupted.signal.aborted && Date.now() - since > 1000) report.note('Still stopping; this ends by itself.');
    if (interrupted.signal.aborted) return;
    since = Date.now();
    report.note(`Stopping (${why}).`);
    interrupted.abort(new Interrupted('Stopped before everything was ready.'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt(signal));
  process.once('uncaughtException', (error) => {
    console.error(error);
    process.exitCode = 1;
    interrupt('an unexpected error');
  });
  // As in `npm start | head`. The listener also keeps later writes from being errors of their own.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => interrupt('its output was closed'));
  if (process.env.npm_lifecycle_event !== undefined) onceOrphaned(() => interrupt('npm was ended'));
  return interrupted.signal;
}

function onceOrphaned(orphaned: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, parentPollMs).unref();
}
