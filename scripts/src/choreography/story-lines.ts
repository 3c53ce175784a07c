import { find, graphOf, type Message, whatFollows, whatLeadsTo } from '@troupe/choreography';
import { StartError } from '@troupe/embedded';
import { type Shown, serviceLines } from './map-lines.ts';
import { followLines, leadLines } from './tree-lines.ts';
import { heardWords, type Pen } from './words.ts';

/** What the map tells of each name. @throws StartError that suggests the nearest names */
export const storyLines = (pen: Pen, names: readonly string[], style: Shown): string[] =>
  names.flatMap((name) => storyOf(pen, name, style));

function storyOf(pen: Pen, name: string, style: Shown): string[] {
  const found = find(pen.map, name);
  if ('nearest' in found) throw unknownName(name, found.nearest);
  if ('service' in found) return serviceStory(pen, found.service, style);
  return found.messages.flatMap((message) => messageStory(pen, message, style));
}

function messageStory(pen: Pen, message: Message, style: Shown): string[] {
  const graph = graphOf(pen.map, style);
  const doc = pen.map.events.find((event) => message.kind === 'event' && event.name === message.name)?.doc;
  const title = `${pen.paint(message.name, 'bold')}, ${message.kind === 'event' ? 'an event' : `a ${message.kind}`} of ${message.service}`;
  return [
    title,
    ...(doc === undefined ? [] : [doc]),
    '',
    pen.paint('What follows from it', 'bold'),
    ...whatFollows(graph, [message]).flatMap((branch) => followLines(pen, branch)),
    '',
    pen.paint('What leads to it', 'bold'),
    ...whatLeadsTo(graph, [message]).flatMap((branch) => leadLines(pen, branch)),
    '',
  ];
}

/** Its table, then what follows from all that it says, and what leads to all that it hears. */
function serviceStory(pen: Pen, name: string, style: Shown): string[] {
  const service = pen.map.services.find((known) => known.name === name);
  if (service === undefined) return [];
  const graph = graphOf(pen.map, style);
  const rows = graph.rows.filter((row) => row.service === name);
  const said = distinctEvents(rows.flatMap(graph.said));
  const heard = distinctEvents(rows.map(graph.heard));
  return [
    ...serviceLines(pen, service, style),
    '',
    pen.paint('What follows from what it says', 'bold'),
    ...whatFollows(graph, said).flatMap((branch) => followLines(pen, branch)),
    '',
    pen.paint('What leads to what it hears', 'bold'),
    ...whatLeadsTo(graph, heard).flatMap((branch) => leadLines(pen, branch)),
    '',
  ];
}

const distinctEvents = (messages: readonly Message[]): Message[] => [
  ...new Map(messages.filter(({ kind }) => kind === 'event').map((event) => [heardWords(event), event])).values(),
];

function unknownName(name: string, nearest: readonly string[]): StartError {
  const hint = nearest.length === 0 ? '' : ` Did you mean ${nearest.join(' or ')}?`;
  return new StartError([
    `Nothing in the choreography is called ${JSON.stringify(name)}.${hint} npm run choreography prints all names.`,
  ]);
}
