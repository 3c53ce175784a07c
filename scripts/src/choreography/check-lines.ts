import type { Verdict } from '@troupe/choreography';
import type { Paint } from '../terminal/paint.ts';

/** What the checks say: faults first, then what is allowed and why. */
export function checkLines({ faults, allowed }: Verdict, paint: Paint): string[] {
  const wrong = faults.map(({ code, text }) => `${paint('✗', 'red')} ${paint(code, 'bold')}  ${text}`);
  const fine = allowed.map(({ code, place, reason }) => paint(`· ${code}  ${place}: ${reason}`, 'dim'));
  const sum =
    faults.length === 0
      ? `${paint('✔', 'green')} The choreography has no fault; ${allowed.length} findings are allowed, for the reasons above.`
      : `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}, ${allowed.length} allowed findings.`;
  return [...fine, ...(fine.length > 0 ? [''] : []), ...wrong, ...(wrong.length > 0 ? [''] : []), sum];
}
