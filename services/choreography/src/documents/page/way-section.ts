import { listed } from '../../checks/finding.ts';
import type { Choreography, MapRow } from '../../map/choreography.ts';
import type { Step } from '../../ways/flow.ts';
import type { Refusal, Way } from '../../ways/way.ts';
import { wayDiagram } from '../diagrams/way-diagram.ts';
import { capital, code, diagram, paragraph } from './prose.ts';

/** One way to an end: what turns the order, in a heading and a sentence, and its diagram. */
export function waySection(map: Choreography, way: Way): string {
  return [`### ${title(way)}`, paragraph(sentences(map, way).join(' ')), diagram(wayDiagram(map, way))].join('\n\n');
}

function title({ steps, turn, refusal }: Way): string {
  if (refusal !== undefined) return `${capital(refusal.step.row.service)} cannot undo: ${refusal.step.says.name}`;
  const turned = turn === undefined ? undefined : steps[turn];
  return turned === undefined ? 'All goes well' : turnTitle(turned);
}

function turnTitle({ row: { hears, service }, says }: Step): string {
  switch (hears.kind) {
    case 'call':
      return `${capital(service)}'s ${hears.name} fails: ${says.name}`;
    case 'command':
      return says.kind === 'call'
        ? `A person sends ${hears.name}, and it goes on`
        : `A person sends ${hears.name}: ${says.name}`;
    case 'timer':
      return `The timer ${hears.name} fires: ${says.name}`;
    default:
      return `${capital(service)} refuses: ${says.name}`;
  }
}

function sentences(map: Choreography, way: Way): readonly string[] {
  const { steps, turn, refusal } = way;
  const end = steps.at(-1)?.says.name ?? '';
  const turned = turn === undefined ? undefined : steps[turn];
  const undone = undoneOn(map, way);
  if (refusal !== undefined) return [meaning(map, refusal.step.says.name), remedies(refusal)];
  const told = turned?.says.kind === 'event' ? turned.says.name : end;
  return [
    meaning(map, told),
    ...(told === end ? [] : [`The order ends with ${code(end)}.`]),
    ...(undone.length === 0 ? [] : [`What was done is undone: ${listed(undone)}.`]),
    ...(turned !== undefined && isAtAnyMoment(way, turned) ? [AT_ANY_MOMENT] : []),
  ];
}

const AT_ANY_MOMENT = 'It can happen at any moment before; the diagram shows the latest, when most is to be undone.';

/** The doc of an event as a sentence about it. */
function meaning(map: Choreography, name: string): string {
  const doc = map.events.find((event) => event.name === name)?.doc ?? '';
  return doc.startsWith('Emitted ') ? `${code(name)} is e${doc.slice(1)}` : doc;
}

/** Each effect that is undone, and by what. */
function undoneOn({ events }: Choreography, { steps, undoing }: Way): readonly string[] {
  const said = new Set([...steps, ...undoing.flat()].map(({ says }) => says.name));
  return events.flatMap(({ name, undoneBy }) =>
    undoneBy !== undefined && said.has(undoneBy) ? [`${code(name)} by ${code(undoneBy)}`] : [],
  );
}

function remedies({ again, byHand, undone }: Refusal): string {
  const timers = again.filter(({ hears }) => hears.kind === 'timer').map(called);
  const persons = [...again.filter(({ hears }) => hears.kind === 'command'), ...byHand].map(called);
  const ways = [
    ...(timers.length === 0 ? [] : [`the timer ${listed(timers)} asks again`]),
    ...(persons.length === 0 ? [] : [`a person can send ${persons.join(' or ')}`]),
  ];
  return ways.length === 0 ? `Nothing leads to ${code(undone)} then.` : `${capital(listed(ways))}.`;
}

const called = ({ hears }: MapRow): string => code(hears.name);

/** A person or a timer of a service that does not wait for anything in particular. */
const isAtAnyMoment = ({ stands }: Way, { row }: Step): boolean =>
  stands !== undefined && stands.service !== row.service;
