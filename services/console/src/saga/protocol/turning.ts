import { type Choreography, eventsCausedBy, type Flow, type MapRow } from '@troupe/choreography/graph';
import type { Asking, FailedUndo } from './duty.ts';

/**
 * By the event that says that a person has to decide. A service asks when a row says something besides its good answers, and a
 * command of the same service starts the call that leads to them.
 */
export function askingsOf(map: Choreography, flow: Flow, isGood: ReadonlySet<string>): ReadonlyMap<string, Asking> {
  const askings = new Map<string, Asking>();
  for (const command of flow.rows.filter(({ hears, begins }) => hears.kind === 'command' && begins === undefined)) {
    const calls = goodCalls(flow, command, isGood);
    const asking = flow.rows.filter(
      (row) =>
        row !== command &&
        row.service === command.service &&
        goodCalls(flow, row, isGood).some((call) => calls.includes(call)),
    );
    for (const row of asking.filter(({ hears }) => hears.kind === 'event' || hears.kind === 'command')) {
      const answers = new Set(answersTo(flow, row));
      for (const event of row.emits.filter((name) => !answers.has(name) && !command.emits.includes(name))) {
        askings.set(event, askingBy(map, flow, { row, command, event }, isGood));
      }
    }
  }
  return askings;
}

/** The calls of a row whose answer is on the good way. */
function goodCalls(flow: Flow, row: MapRow, isGood: ReadonlySet<string>): readonly string[] {
  const calls = flow.said(row).filter(({ kind }) => kind === 'call');
  return calls
    .filter((call) => flow.hearing(call).some(({ emits }) => emits.some((name) => isGood.has(name))))
    .map(({ name }) => name);
}

/** What may be said when the calls of a row are answered. */
const answersTo = (flow: Flow, row: MapRow): readonly string[] =>
  flow
    .said(row)
    .filter(({ kind }) => kind === 'call')
    .flatMap((call) => flow.hearing(call).flatMap(({ emits }) => emits));

interface AskingRows {
  readonly row: MapRow;
  readonly command: MapRow;
  readonly event: string;
}

function askingBy(
  map: Choreography,
  flow: Flow,
  { row, command, event }: AskingRows,
  isGood: ReadonlySet<string>,
): Asking {
  const causes = eventsCausedBy(flow, command).map(({ name }) => name);
  const direct = [...new Set([...answersTo(flow, command), ...command.emits])];
  const good = direct.filter((name) => isGood.has(name));
  const timers = map.timers.filter(({ service, name }) => service === row.service && row.starts.includes(name));
  const expiry = timers.find(({ emits }) => emits.some((name) => command.emits.includes(name)));
  return {
    service: row.service,
    event,
    command: command.hears.name,
    oneOf: [...good, ...direct.filter((name) => !good.includes(name))],
    mayCause: new Set(causes),
    expiresAfterMs: expiry?.afterMs ?? null,
  };
}

/**
 * By the event that says that an effect could not be undone: a row that hears the outside says either this or the undo, and the
 * effect is undone after it all the same.
 */
export function failedUndosOf(flow: Flow): ReadonlyMap<string, FailedUndo> {
  const undos = new Set(flow.rows.flatMap(({ emits }) => emits.flatMap((name) => flow.event(name)?.undoneBy ?? [])));
  const failed = new Map<string, FailedUndo>();
  for (const { service, emits } of flow.rows.filter(({ hears }) => hears.kind === 'call')) {
    const undo = emits.find((name) => undos.has(name));
    if (undo === undefined) continue;
    for (const event of emits.filter((name) => name !== undo)) failed.set(event, { service, event, undo });
  }
  return failed;
}
