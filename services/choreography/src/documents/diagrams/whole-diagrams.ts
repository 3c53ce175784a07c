import type { Choreography, MapRow } from '../../map/choreography.ts';
import { type Flow, flowOf, type Step } from '../../ways/flow.ts';
import type { Way } from '../../ways/way.ts';
import { Drawing } from './drawing.ts';

/** From the command that begins an order to the events that end it: every step that some way takes. */
export function untilTheEnd(map: Choreography, ways: readonly Way[]): string {
  const drawing = new Drawing(map, 'LR');
  for (const { steps, outcome, turn = 0, asks, stands } of ways) {
    const turned = steps[turn];
    for (const [at, { row, says }] of steps.entries()) {
      drawing.add(row, says, { dotted: outcome === 'failure' && at >= turn });
    }
    for (const { row, says } of asks) drawing.add(row, says, { dotted: true });
    if (turned === undefined || stands === undefined) continue;
    if (turned.row.hears.kind === 'timer') {
      for (const row of startOf(steps, stands, turned.row)) drawing.add(row, turned.row.hears, { dotted: true });
    } else for (const { says } of asks) drawing.asks(says, turned.row);
  }
  return drawing.text();
}

/** The row of a way that starts the timer with which it turns. */
function startOf(steps: readonly Step[], stands: MapRow, { service, hears }: MapRow): readonly MapRow[] {
  const rows = [...steps.map(({ row }) => row), stands];
  return rows
    .filter((row) => row.service === service && row.hears.name !== hears.name && row.starts.includes(hears.name))
    .slice(0, 1);
}

/** What the ends cause: what is undone, what can be refused and is tried again, and who is told. */
export function afterTheEnd(map: Choreography, ways: readonly Way[]): string {
  const flow = flowOf(map, 'choreographed');
  const drawing = new Drawing(map, 'LR');
  for (const { row, says } of ways.flatMap(({ undoing }) => undoing.flat())) drawing.add(row, says, { dotted: false });
  for (const { refusal } of ways) {
    if (refusal === undefined) continue;
    const { step, again, byHand, undone } = refusal;
    drawing.add(step.row, step.says, { dotted: true });
    for (const row of again) {
      if (row.hears.kind === 'timer') drawing.add(step.row, row.hears, { dotted: true });
      drawing.add(row, step.row.hears, { dotted: true });
    }
    for (const row of byHand) drawing.add(row, { kind: 'event', name: undone }, { dotted: true });
  }
  const ends = map.events.filter((event) => event.ends !== undefined);
  for (const { name } of ends) told(flow, name, drawing);
  return drawing.text();
}

/** What a service that does nothing but hear of an end makes of it: it tells somebody. */
function told(flow: Flow, end: string, drawing: Drawing): void {
  for (const row of flow.rowsHearing({ kind: 'event', name: end }, '')) {
    for (const call of flow.started(row, 'call')) {
      const answering = flow.rowsHearing(call, row.service);
      if (answering.some(({ emits }) => emits.some((name) => flow.event(name)?.terminal === undefined))) continue;
      drawing.add(row, call, { dotted: false });
      for (const { emits, ...answer } of answering) {
        for (const name of emits) drawing.add({ ...answer, emits }, { kind: 'event', name }, { dotted: false });
      }
    }
  }
}
