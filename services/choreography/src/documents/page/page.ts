import type { Choreography } from '../../map/choreography.ts';
import { waysOf } from '../../ways/ways.ts';
import { sagaDiagram } from '../diagrams/saga-diagram.ts';
import { servicesDiagram } from '../diagrams/services-diagram.ts';
import { afterTheEnd, untilTheEnd } from '../diagrams/whole-diagrams.ts';
import { endsSection, type ProvenEnd } from './ends.ts';
import { diagram, paragraph } from './prose.ts';
import { serviceSection } from './service-section.ts';
import { deadlineTable, eventTable } from './tables.ts';
import { waySection } from './way-section.ts';

/** docs/choreography.md: the choreography in diagrams and tables. */
export function choreographyPage(map: Choreography, ends: readonly ProvenEnd[] | undefined): string {
  const ways = waysOf(map);
  const parts = [
    '# The choreography',
    WRITTEN,
    paragraph(INTRODUCTION),
    '## The services',
    paragraph(SERVICES),
    diagram(servicesDiagram(map)),
    '## Until an order ends',
    paragraph(UNTIL),
    diagram(untilTheEnd(map, ways)),
    '## After the end',
    paragraph(AFTER),
    diagram(afterTheEnd(map, ways)),
    '## Each service',
    paragraph(EACH),
    ...map.services.map((service) => serviceSection(map, service)),
    '## How an order can end',
    paragraph(WAYS),
    ...ways.map((way) => waySection(map, way)),
    ...map.sagas.flatMap((saga) => [
      `## Orchestrated: ${saga.name}`,
      paragraph(ORCHESTRATED),
      diagram(sagaDiagram(map, saga)),
    ]),
    '## Every end',
    paragraph(ENDS),
    endsSection(ends),
    '## Events',
    eventTable(map),
    '## Deadlines',
    paragraph(DEADLINES),
    deadlineTable(map),
  ];
  return `${parts.join('\n\n')}\n`;
}

const WRITTEN =
  '<!-- Written by `npm run choreography -- --write` from the reaction tables and the schemas; change those instead. -->';
const INTRODUCTION = `Who hears what, says what, and by when. All of it is read from the reaction tables and the schemas.
[asyncapi.yaml](asyncapi.yaml) has the topics and messages for other tools, and [choreography.json](choreography.json) is
the map as data. \`npm run choreography -- PaymentFailed\` tells what follows from an event, and what leads to it.`;
const SERVICES = `An event is drawn to the services that say or call something because of it; the table of [events](#events) has
everybody who hears it. Solid lines: the order goes well.
Dotted lines: a step fails, or a person has to approve.`;
const UNTIL = `Rounded boxes are events, in the colour of the service that says them. Boxes with double sides are calls to the
outside, pills are commands of people, and hexagons are timers. A time on a line is the deadline for the next event. Solid
lines lead to a confirmed order.`;
const AFTER = `What the two ends cause. Dotted lines: the outside refuses to undo something. Then a timer asks again, and people
can ask again or settle it by hand.`;
const EACH = `From left to right: what a service hears, in the colour of the service that says it; the calls and timers that it
starts; what it says. Of several events in one box on the right, a rule says one.`;
const WAYS = `One way for each step that can turn an order. Time runs down, a service has a lane, and a time behind an event is
the deadline of the service that hears it. What goes wrong is shaded. Several things can go wrong at once, and events of
different topics overtake each other: [every end](#every-end) counts those ways as well.`;
const ORCHESTRATED = `The orchestrator asks for one step after the other, and waits for each answer as long as its time allows. When a step
is refused, those that were done are undone, the last one first.`;
const ENDS = `\`npm run prove\` explores every order of what can happen to one order. These are the ends that it finds, with the
number of different paths to each, and the shortest.`;
const DEADLINES =
  'One of the effects is expected in this time, with default settings. What is overdue is reported as stuck.';
