import {
  type Choreography,
  durationOf,
  listed,
  type MapRow,
  type MapService,
  type MapStyle,
} from '@troupe/choreography';
import { heardWords, type Pen } from './words.ts';

const SAYS_WIDTH = 62;

/** Which rows are shown. */
export type Shown = MapStyle | 'both';

export const isShown = (row: MapRow, style: Shown): boolean =>
  style === 'both' || row.style === undefined || row.style === style;

/** The whole choreography: a table for each service, and below it what undoes what and where a saga ends. */
export function mapLines(pen: Pen, style: Shown): string[] {
  const { map } = pen;
  return [
    ...map.services.flatMap((service) => [...serviceLines(pen, service, style), '']),
    ...(style === 'choreographed' ? [] : sagaLines(pen)),
    ...section(pen, 'What undoes what', undoings(map)),
    ...section(pen, 'Where a saga ends', endings(map, style)),
    ...section(pen, 'Who goes off by itself', timers(map, style)),
    ...section(pen, 'What nobody has to hear', terminals(map)),
  ];
}

/** A service: what it hears, what it says because of that, and by when. */
export function serviceLines({ map, paint }: Pen, service: MapService, style: Shown): string[] {
  const rows = service.rows.filter((row) => isShown(row, style));
  const hears = rows.map(({ hears }) => heardWords(hears));
  const says = rows.map((row) => wrapped(saidOf(map, row), SAYS_WIDTH));
  const width = Math.max(5, ...hears.map((words) => words.length));
  const saysWidth = Math.max(4, ...says.flat().map((words) => words.length));
  const line = (heard: string, said: string, by: string): string =>
    `  ${heard.padEnd(width)}  ${said.padEnd(saysWidth)}  ${by}`.trimEnd();
  return [
    `${paint(service.name, 'bold', 'cyan')}  ${service.doc}`,
    paint(line('hears', 'says', 'within'), 'dim'),
    ...rows.flatMap((row, at) => {
      const by = row.withinMs === undefined ? '' : durationOf(row.withinMs);
      return (says[at] ?? []).map((text, part) =>
        line(part === 0 ? (hears[at] ?? '') : '', text, part === 0 ? by : ''),
      );
    }),
  ];
}

/** Phrases that must not be broken where a line ends. */
function saidOf(map: Choreography, { service, emits, starts, style }: MapRow): string[] {
  const isTimer = (name: string): boolean =>
    map.timers.some((timer) => timer.service === service && timer.name === name);
  const phrases = [
    ...emits,
    ...starts.map((name) => `${isTimer(name) ? 'sets' : 'asks'} ${name}`),
    ...(emits.length + starts.length === 0 ? ['only takes note'] : []),
  ];
  const separated = phrases.map((phrase, at) => (at < phrases.length - 1 ? `${phrase},` : phrase));
  return style === 'orchestrated' ? ['orchestrated:', ...separated] : separated;
}

function wrapped(phrases: readonly string[], width: number): string[] {
  const lines = [''];
  for (const phrase of phrases) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? phrase : `${last} ${phrase}`;
    if (last === '' || longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(phrase);
  }
  return lines;
}

function section({ paint }: Pen, title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [paint(title, 'bold'), ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`), ''];
}

const undoings = ({ events }: Choreography): [string, string][] =>
  events.flatMap(({ name, owner, undoneBy }): [string, string][] =>
    undoneBy === undefined ? [] : [[name, `is undone by ${undoneBy} of ${owner}`]],
  );

const terminals = ({ events }: Choreography): [string, string][] =>
  events.flatMap(({ name, terminal }): [string, string][] => (terminal === undefined ? [] : [[name, terminal]]));

function endings({ events, services }: Choreography, style: Shown): [string, string][] {
  const rows = services.flatMap((service) => service.rows).filter((row) => isShown(row, style));
  return events.flatMap(({ name, owner, ends }): [string, string][] => {
    if (ends === undefined) return [];
    const causes = [...new Set(rows.filter(({ emits }) => emits.includes(name)).map(({ hears }) => heardWords(hears)))];
    return [[name, `${ends === 'success' ? 'well' : 'without success'}; ${owner} says it on ${listed(causes)}`]];
  });
}

function timers({ timers, services }: Choreography, style: Shown): [string, string][] {
  const rows = services.flatMap((service) => service.rows).filter((row) => isShown(row, style));
  return timers.flatMap(({ name, service, afterMs }): [string, string][] => {
    const setting = rows.filter((row) => row.service === service && row.starts.includes(name));
    if (setting.length === 0) return [];
    const causes = [...new Set(setting.map(({ hears }) => heardWords(hears)))];
    const delay = afterMs === undefined ? '' : ` after ${durationOf(afterMs)}`;
    return [[name, `${service}${delay}; set on ${listed(causes)}`]];
  });
}

/** The sagas of the orchestrators, step by step with what undoes each. */
function sagaLines({ map, paint }: Pen): string[] {
  return map.sagas.flatMap(({ name, version, service, steps }) => {
    const rows = steps.map((step) => {
      const asked = (of: typeof step): string =>
        of.asks === undefined
          ? of.emits.join(', ')
          : `${of.asks.service ?? 'outside'}: ${of.asks.command ?? of.asks.call}`;
      const limit = step.withinMs === undefined ? '' : durationOf(step.withinMs);
      return [step.name, asked(step), limit, step.compensation === undefined ? '' : asked(step.compensation)] as const;
    });
    const head = ['step', 'says or asks', 'within', 'undone by'] as const;
    const widths = head.map((title, column) =>
      Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)),
    );
    const line = (cells: readonly string[]): string =>
      `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
    const title = `${paint(name, 'bold', 'cyan')}  version ${version}, orchestrated by ${service}`;
    return [title, paint(line(head), 'dim'), ...rows.map(line), ''];
  });
}
