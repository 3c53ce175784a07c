import type { TrailMark } from '../../contract/saga.ts';
import { isRefusal, outcomeOf, turnOf } from '../owed/outcome.ts';
import type { Owing } from '../owed/owing.ts';
import type { Told } from '../owed/said.ts';
import type { Protocol } from '../protocol/protocol.ts';

interface Trail {
  readonly there: readonly TrailMark[];
  readonly back: readonly TrailMark[];
}

/** The way there as far as it was gone and goes on, and the way back, each in the order in which it happens. */
export function trailOf(told: Told, protocol: Protocol, owings: readonly Owing[]): Trail {
  const turn = turnOf(told, protocol);
  return { there: wayThere(told, protocol, owings), back: turn === null ? [] : wayBack(told, protocol, owings) };
}

function wayThere(told: Told, protocol: Protocol, owings: readonly Owing[]): readonly TrailMark[] {
  const turn = turnOf(told, protocol);
  const marks: TrailMark[] = [];
  const owed = owings.find(({ isBack, nobodyWaits }) => !isBack && !nobodyWaits);
  let isOwed = false;
  for (const { service, event } of protocol.good) {
    if (told.has(event)) {
      marks.push({ service, state: isUndone(event, told, protocol) ? 'undone' : 'done' });
    } else if (turn !== null) {
      marks.push({ service: turn.service, state: 'refused' });
      return marks;
    } else {
      const state = isOwed || owed === undefined ? 'expected' : owed.kind === 'decision' ? 'person' : 'running';
      marks.push({ service, state });
      isOwed = true;
    }
  }
  return marks;
}

/** An effect that was undone, or the first event of a saga that failed. */
export function isUndone(event: string, told: Told, protocol: Protocol): boolean {
  const undo = protocol.undoOf.get(event);
  if (undo !== undefined) return told.has(undo);
  return protocol.begins.has(event) && outcomeOf(told, protocol)?.ends === 'failure';
}

/** What was done is undone from the last to the first; the end undoes the first event, unless it was the end that turned. */
function wayBack(told: Told, protocol: Protocol, owings: readonly Owing[]): readonly TrailMark[] {
  const effects = protocol.good.filter(({ event }) => protocol.undoOf.has(event)).reverse();
  const marks = effects.flatMap(({ service, event }): readonly TrailMark[] => {
    const undo = protocol.undoOf.get(event) ?? '';
    if (told.has(undo)) return [{ service, state: 'undo-done' }];
    if (!told.has(event)) return [];
    const hasFailed = [...protocol.failedUndos.values()].some(
      (failed) => failed.undo === undo && told.has(failed.event),
    );
    if (hasFailed) return [{ service, state: 'undo-failed' }];
    const isOwed = owings.some(({ undoes }) => undoes?.type === event);
    return [{ service, state: isOwed ? 'undo-running' : 'undo-expected' }];
  });
  const turn = turnOf(told, protocol);
  if (turn === null || !isRefusal(turn, told, protocol) || told.root === undefined) return marks;
  const ended = outcomeOf(told, protocol) !== null;
  const isOwed = owings.some(({ isBack, undoes, kind }) => isBack && undoes === told.root && kind !== 'undo again');
  const state = ended ? 'undo-done' : isOwed ? 'undo-running' : 'undo-expected';
  return [...marks, { service: told.root.service, state }];
}
