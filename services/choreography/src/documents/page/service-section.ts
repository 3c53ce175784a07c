import { listed } from '../../checks/finding.ts';
import type { Choreography, MapRow, MapService } from '../../map/choreography.ts';
import { hasEffect, serviceDiagram } from '../diagrams/service-diagram.ts';
import { capital, code, diagram, paragraph } from './prose.ts';

/** One service: its sentence, its diagram, and what the diagram leaves out. */
export function serviceSection(map: Choreography, service: MapService): string {
  const { name, doc, rows } = service;
  const sentences = [does(name, doc), remembered(rows), commanded(rows)].filter((sentence) => sentence !== '');
  const drawn = rows.some(hasEffect)
    ? diagram(serviceDiagram(map, service))
    : 'Nothing follows from what it hears so far.';
  return [`### ${name}`, ...sentences.map(paragraph), drawn].join('\n\n');
}

/** Its package says it without a subject: "Charges each new order." */
const does = (name: string, doc: string): string =>
  doc && `${capital(name)} ${doc.charAt(0).toLowerCase()}${doc.slice(1)}`;

/** What is heard and leads to nothing but a changed state. */
function remembered(rows: readonly MapRow[]): string {
  const quiet = rows.filter((row) => row.hears.kind === 'event' && row.style !== 'orchestrated' && !hasEffect(row));
  const names = quiet.map(({ hears }) => code(hears.name));
  return names.length === 0
    ? ''
    : `It also hears ${listed(names)}, and says nothing because of ${names.length > 1 ? 'them' : 'it'}.`;
}

function commanded(rows: readonly MapRow[]): string {
  const commands = rows.filter(({ hears, style }) => hears.kind === 'command' && style === 'orchestrated');
  const names = commands.map(({ hears }) => code(hears.name));
  return names.length === 0
    ? ''
    : `Of orchestrated orders it takes the ${names.length > 1 ? 'commands' : 'command'} ${listed(names)}.`;
}
