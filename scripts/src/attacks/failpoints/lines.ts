import { serviceNames } from '@troupe/embedded';
import { type Row, table } from '../../terminal/table.ts';
import { points, reaches } from './cases.ts';
import type { CaseResult } from './round.ts';

/** Point × service: seconds from the start to an audit that found nothing, ✗ where something was found. */
export function lines(results: readonly CaseResult[]): string[] {
  const cell = (service: (typeof serviceNames)[number], point: (typeof points)[number]): string => {
    if (!reaches(service, point)) return '–';
    const result = results.find((one) => one.service === service && one.point === point);
    if (result === undefined) return '';
    return result.faults.length > 0 ? '✗' : `✓ ${result.seconds.toFixed(0)} s`;
  };
  const rows = points
    .filter((point) => results.some((result) => result.point === point))
    .map((point): Row => [point, ...serviceNames.map((service) => cell(service, point))]);
  const wrong = results.filter(({ faults }) => faults.length > 0);
  return [
    ...table(['killed at', ...serviceNames], rows),
    '',
    ...wrong.flatMap(({ service, point, faults }) => [
      `✗ ${service} at ${point}:`,
      ...faults.map((fault) => `    ${fault}`),
    ]),
    `${results.length} kills, ${wrong.length} of them with faults.`,
  ];
}
