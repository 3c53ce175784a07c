import { table } from '../../terminal/table.ts';
import { auditLines } from '../audit-lines.ts';
import type { Entry } from './book.ts';
import type { SoakReport } from './run.ts';
import { short } from './trend.ts';

/** Every measure with its slope and its verdict; then what was ordered, and what is wrong. */
export function lines({ entries, minutes, perSecond, capacity, orders, looks, faults, audit }: SoakReport): string[] {
  const growing = entries.filter(({ isFault }) => isFault);
  const rows = byMeasure(entries).map(({ what, of, unit, from, to, perHour, verdict, why }) => {
    const [before, after] = [from, to].map((value) => `${short(value)} ${unit}`.trim());
    return [what, of, before, after, short(perHour), verdict, why].map(String);
  });
  const given = capacity === undefined ? 'as asked for' : `70 % of ${short(capacity)} sagas per second`;
  return [
    ...table(['measure', 'of', 'from', 'to', 'per hour', 'verdict', 'because'], rows),
    '',
    `${orders.toLocaleString('en-US')} orders in ${minutes} minutes, ${perSecond} per second (${given}); ${looks} looks, of which`,
    'the second half of the time counts. All orders are at the end that they had to come to, every customer was told once,',
    `the stock adds up; the audit found ${audit.healthy ? 'nothing.' : 'this:'}`,
    ...(audit.healthy ? [] : auditLines(audit)),
    ...faults.map((fault) => `✗ ${fault}`),
    ...growing.map(
      ({ what, of, perHour, unit }) => `✗ ${what} of ${of} grows by ${`${short(perHour)} ${unit}`.trim()} per hour.`,
    ),
    growing.length === 0
      ? 'Nothing grows that should not.'
      : `${growing.length} of ${entries.length} measures grow and should not.`,
  ];
}

/** All processes of a measure together, in the order in which the measures were first met. */
function byMeasure(entries: readonly Entry[]): readonly Entry[] {
  const names = [...new Set(entries.map(({ what }) => what))];
  return names.flatMap((name) => entries.filter(({ what }) => what === name));
}
