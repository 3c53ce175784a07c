import type { AnyEventType } from '@troupe/schemas';
import type { Choreography } from '../map/choreography.ts';
import { asyncApi } from './asyncapi/document.ts';
import { servicesDiagram } from './diagrams/services-diagram.ts';
import { readEnds } from './page/ends.ts';
import { choreographyPage } from './page/page.ts';
import { readmeWith } from './readme.ts';

/** The command that writes them. */
export const WRITE_COMMAND = 'npm run choreography -- --write';

/** A file that is written from the map. */
export interface Document {
  /** From the project's folder. */
  readonly file: string;
  readonly text: string;
}

/** What the documents need besides the map. */
export interface Given {
  readonly events: readonly AnyEventType[];
  /** The README as it is; only its diagram is written. */
  readonly readme: string;
  /** docs/ends.json, if the prover has written it. */
  readonly ends: string | undefined;
}

/** All files that are written from the map, as they should be. */
export function documentsOf(map: Choreography, { events, readme, ends }: Given): readonly Document[] {
  return [
    { file: 'README.md', text: readmeWith(readme, `${servicesDiagram(map)}\n  %% Written by ${WRITE_COMMAND}`) },
    { file: 'docs/choreography.md', text: choreographyPage(map, ends === undefined ? undefined : readEnds(ends)) },
    { file: 'docs/choreography.json', text: `${JSON.stringify(map, undefined, 2)}\n` },
    { file: 'docs/asyncapi.yaml', text: asyncApi(map, events) },
  ];
}
