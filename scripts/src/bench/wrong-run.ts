import { StartError } from '@troupe/embedded';
import type { Around } from '../measure/site.ts';

/** Passes the figures of a run on. One that went wrong has none: its faults are told, and the runs after it go on. */
export async function withoutFigures<Run>(
  { report, signal }: Pick<Around, 'report' | 'signal'>,
  run: Promise<Run>,
  onFault: (fault: string) => void,
): Promise<Run | undefined> {
  try {
    return await run;
  } catch (error) {
    if (signal.aborted || !(error instanceof StartError)) throw error;
    for (const fault of error.faults) {
      onFault(fault);
      report.warn(fault);
    }
    return undefined;
  }
}
