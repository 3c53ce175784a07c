import {
  durationOf,
  type Graph,
  graphOf,
  listed,
  type MapRow,
  type MapService,
  type MapStyle,
} from '@troupe/choreography';
import { inColumns, wrapped } from './columns.ts';
import { heardWords, type Pen } from './words.ts';

/** Which rows are shown. */
export type Shown = MapStyle | 'both';

const SAYS_WIDTH = 62;

/** The whole choreography: a table for each service, and below it what undoes what and where a saga ends. */
export function mapLines(pen: Pen, style: Shown): string[] {
  const { map, paint } = pen;
  const graph = graphOf(map, style);
  const section = (title: string, rows: readonly (readonly [string, string])[]): string[] =>
    rows.length === 0 ? [] : [paint(title, 'bold'), ...inColumns(rows), ''];
  return [
    ...map.services.flatMap((service) => [...serviceLines(pen, service, style), '']),
    ...(style === 'choreographed' ? [] : sagaLines(pen)),
    ...section('What undoes what', undoings(pen)),
    ...section('Where a saga ends', endings(pen, graph)),
    ...section('What goes off by itself', timers(pen, graph)),
    ...section('What nobody has to hear', terminals(pen)),
  ];
}

/** A service: what it hears, what it says because of that, and by when. */
export function serviceLines({ map, paint }: Pen, service: MapService, style: Shown): string[] {
  const graph = graphOf(map, style);
  const rows = graph.rows.filter((row) => row.service === service.name);
  const hears = rows.map((row) => heardWords(row.hears));
  const says = rows.map((row) => wrapped([...markOf(row, style), ...saidOf(graph, row)], SAYS_WIDTH));
  const [hearsWidth, saysWidth] = [widest(['hears', ...hears]), widest(['says', ...says.flat()])];
  const line = (heard: string, said: string, by: string): string =>
    `  ${heard.padEnd(hearsWidth)}  ${said.padEnd(saysWidth)}  ${by}`.trimEnd();
  return [
    `${paint(service.name, 'bold', 'cyan')}  ${service.doc}`,
    paint(line('hears', 'says', 'within'), 'dim'),
    ...rows.flatMap((row, at) => {
      const by = row.withinMs === undefined ? '' : durationOf(row.withinMs);
      const [first = '', ...more] = says[at] ?? [];
      return [line(hears[at] ?? '', first, by), ...more.map((said) => line('', said, ''))];
    }),
  ];
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));

/** Where both styles are shown: in which one the row acts so. */
const markOf = (row: MapRow, style: Shown): string[] =>
  style === 'both' && row.style !== undefined ? [`${row.style}:`] : [];

/** Phrases that are not broken where a line ends. */
function saidOf(graph: Graph, row: MapRow): string[] {
  if (graph.goesOn(row)) return ['the orchestrator goes on from the step that it is at'];
  const phrases = graph.said(row).map(({ kind, name }) => {
    if (kind === 'event') return name;
    return kind === 'timer' ? `sets ${name}` : `asks ${name}`;
  });
  if (phrases.length === 0) return ['only takes note'];
  return phrases.map((phrase, at) => (at < phrases.length - 1 ? `${phrase},` : phrase));
}

const undoings = ({ map }: Pen): [string, string][] =>
  map.events.flatMap(({ name, owner, undoneBy }): [string, string][] =>
    undoneBy === undefined ? [] : [[name, `is undone by ${undoneBy} of ${owner}`]],
  );

const terminals = ({ map }: Pen): [string, string][] =>
  map.events.flatMap(({ name, terminal }): [string, string][] => (terminal === undefined ? [] : [[name, terminal]]));

const endings = ({ map }: Pen, graph: Graph): [string, string][] =>
  map.events.flatMap(({ name, owner, ends }): [string, string][] => {
    if (ends === undefined) return [];
    const causes = causesOf(graph, graph.saying({ kind: 'event', name, service: owner }));
    return [[name, `${ends === 'success' ? 'well' : 'without success'}; ${owner} says it on ${causes}`]];
  });

const timers = ({ map }: Pen, graph: Graph): [string, string][] =>
  map.timers.flatMap(({ name, service, afterMs }): [string, string][] => {
    const setting = graph.saying({ kind: 'timer', name, service });
    if (setting.length === 0) return [];
    const delay = afterMs === undefined ? '' : ` after ${durationOf(afterMs)}`;
    return [[name, `${service}${delay}; set on ${causesOf(graph, setting)}`]];
  });

/** What these rows hear. Those that take an orchestrated saga on are one thing. */
function causesOf(graph: Graph, rows: readonly MapRow[]): string {
  const own = rows.filter((row) => !graph.goesOn(row)).map(({ hears }) => heardWords(hears));
  const others = rows.some(graph.goesOn) ? ['whatever makes the orchestrator go on'] : [];
  return listed([...new Set([...own, ...others])]);
}

/** The sagas of the orchestrators, step by step with what undoes each. */
function sagaLines({ map, paint }: Pen): string[] {
  return map.sagas.flatMap(({ name, version, service, steps }) => {
    const rows = steps.map((step) => {
      const said = ({ asks, emits }: typeof step): string =>
        asks === undefined ? emits.join(', ') : `${asks.service ?? 'outside'}: ${asks.command ?? asks.call}`;
      const limit = step.withinMs === undefined ? '' : durationOf(step.withinMs);
      return [step.name, said(step), limit, step.compensation === undefined ? '' : said(step.compensation)];
    });
    const [head = '', ...lines] = inColumns([['step', 'says or asks', 'within', 'undone by'], ...rows]);
    const title = `${paint(name, 'bold', 'cyan')}  version ${version}, orchestrated by ${service}`;
    return [title, paint(head, 'dim'), ...lines, ''];
  });
}
