import type { MapRow } from '../map/choreography.ts';
import { type Graph, idOf, type Message } from './graph.ts';

/** A message, and the rows that follow from it or lead to it. */
export interface Branch {
  readonly message: Message;
  /** It stands in the tree already, with all that follows: it is not followed again. */
  readonly seen: boolean;
  readonly rows: readonly RowBranch[];
  /** Over HTTP: the command by which a participant is asked, or, on the way back, the calls that ask so. */
  readonly overHttp: readonly Branch[];
}

/** A row with what it may say, or, on the way back, with what it hears. */
export interface RowBranch {
  readonly row: MapRow;
  /** It takes an orchestrated saga on from whatever step it is at, and is not followed: any step may come next. */
  readonly goesOn: boolean;
  readonly messages: readonly Branch[];
}

/** All that may follow from messages: the rows that hear them, and what those say. */
export function whatFollows(graph: Graph, roots: readonly Message[]): Branch[] {
  return grow(graph, roots, (message) => ({
    rows: graph.hearing(message).map((row) => [row, graph.said(row)]),
    overHttp: [graph.asked(message) ?? []].flat(),
  }));
}

/** All that may lead to messages: the rows that say them, and what those hear. */
export function whatLeadsTo(graph: Graph, roots: readonly Message[]): Branch[] {
  return grow(graph, roots, (message) => ({
    rows: graph.saying(message).map((row) => [row, [graph.heard(row)]]),
    overHttp: graph.asking(message),
  }));
}

interface Next {
  readonly rows: readonly (readonly [MapRow, readonly Message[]])[];
  readonly overHttp: readonly Message[];
}

function grow(graph: Graph, roots: readonly Message[], next: (message: Message) => Next): Branch[] {
  const seen = new Set<string>();
  const branch = (message: Message): Branch => {
    const id = idOf(message);
    if (seen.has(id)) return { message, seen: true, rows: [], overHttp: [] };
    seen.add(id);
    const { rows, overHttp } = next(message);
    return {
      message,
      seen: false,
      overHttp: overHttp.map(branch),
      rows: rows.map(([row, messages]) => {
        const goesOn = graph.goesOn(row);
        return { row, goesOn, messages: goesOn ? [] : messages.map(branch) };
      }),
    };
  };
  return roots.map(branch);
}
