import { plainReporter, type Reporter, StartError, terminalReporter } from '@troupe/embedded';

/** Colours and a moving line in a terminal; plain lines elsewhere, or when NO_COLOR is set. */
export function reporter(): Reporter {
  const plain = !process.stdout.isTTY || process.env['NO_COLOR'] || process.env['TERM'] === 'dumb';
  return plain ? plainReporter((line) => console.log(line)) : terminalReporter(process.stdout);
}

/** Runs a command to its end: a fault that a person can mend is shown as sentences, anything else with its stack. */
export async function runCommand(command: () => Promise<void>): Promise<never> {
  try {
    await command();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof StartError ? `\n${asList(error.faults)}` : error);
    process.exit(1);
  }
}

function asList(faults: readonly string[]): string {
  return faults.map((fault) => `✗ ${fault}`).join('\n');
}

/** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. Those that follow are answered, and change nothing. */
export function interruption(report: Reporter): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) return report.note('Still stopping.');
      report.note(`Stopping (${signal}).`);
      interrupted.abort(new StartError([`Stopped by ${signal} before everything was ready.`]));
    });
  }
  return interrupted.signal;
}
