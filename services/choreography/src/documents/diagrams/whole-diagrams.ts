import type { Choreography, MapEvent, MapRow } from '../../map/choreography.ts';
import { type Flow, flowOf, heardAs, type Step, started } from '../../ways/flow.ts';
import type { Refusal, Way } from '../../ways/way.ts';
import { Drawing } from './drawing.ts';

/** From the command that begins an order to the events that end it: every step that some way takes. */
export function untilTheEnd(map: Choreography, ways: readonly Way[]): string {
  const drawing = new Drawing(map, 'TB');
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
  const flow = flowOf(map);
  const drawing = new Drawing(map, 'LR');
  const undoing = ways.flatMap((way) => way.undoing.flat());
  for (const { row, says } of undoing) drawing.add(row, says, { dotted: false });
  for (const { refusal } of ways) if (refusal !== undefined) overcome(drawing, refusal);
  const undone = new Set(undoing.map(({ row }) => row));
  for (const end of map.events.filter(({ ends }) => ends !== undefined)) told(flow, end, undone, drawing);
  return drawing.text();
}

/** How a refusal is overcome: a timer or a person asks again, or a person settles it. */
function overcome(drawing: Drawing, { step, again, byHand, undone }: Refusal): void {
  drawing.add(step.row, step.says, { dotted: true });
  for (const row of [...byHand, ...again]) drawing.asks(step.says, row);
  for (const row of again) drawing.add(row, step.row.hears, { dotted: true });
  for (const row of byHand) drawing.add(row, { kind: 'event', name: undone }, { dotted: true });
}

/** Who hears of an end and undoes nothing: it tells somebody. */
function told(flow: Flow, end: MapEvent, undoing: ReadonlySet<MapRow>, drawing: Drawing): void {
  for (const row of flow.hearing(heardAs(end))) {
    if (undoing.has(row)) continue;
    for (const call of started(flow, row, 'call')) {
      drawing.add(row, call, { dotted: false });
      for (const answered of flow.hearing(call)) {
        for (const name of answered.emits) drawing.add(answered, { kind: 'event', name }, { dotted: false });
      }
    }
  }
}
