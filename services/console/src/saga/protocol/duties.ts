import { eventsCausedBy, type Flow, type MapRow } from '@troupe/choreography/graph';
import type { Duty, Undoing } from './duty.ts';

/** By the event that is heard. Rows that take an orchestrated saga on are left out: the steps of the saga say more. */
export function dutiesOf(flow: Flow, isGood: ReadonlySet<string>): ReadonlyMap<string, readonly Duty[]> {
  const duties = new Map<string, Duty[]>();
  for (const row of flow.rows) {
    if (row.hears.kind !== 'event' || flow.goesOn(row)) continue;
    duties.set(row.hears.name, [...(duties.get(row.hears.name) ?? []), dutyOf(flow, row, isGood)]);
  }
  return duties;
}

export function dutyOf(flow: Flow, row: MapRow, isGood: ReadonlySet<string>): Duty {
  const calls = flow.said(row).filter(({ kind }) => kind === 'call');
  const answers = calls.flatMap((call) => flow.hearing(call).flatMap(({ emits }) => emits));
  const oneOf = inOrder([...new Set([...answers, ...row.emits])], flow, isGood);
  return {
    service: row.service,
    hears: row.hears.name,
    oneOf,
    mayCause: new Set(eventsCausedBy(flow, row).map(({ name }) => name)),
    withinMs: row.withinMs ?? null,
    calls: calls.map(({ name }) => name),
    undoes: undoingIn(flow, oneOf),
    nobodyWaits: oneOf.every((name) => isWaitedForByNobody(flow, name)),
  };
}

/** What goes on first, then what undoes, then the rest. */
function inOrder(names: readonly string[], flow: Flow, isGood: ReadonlySet<string>): readonly string[] {
  const undos = new Set(flow.rows.flatMap(({ emits }) => emits.flatMap((name) => flow.event(name)?.undoneBy ?? [])));
  const rank = (name: string): number => (isGood.has(name) ? 0 : undos.has(name) ? 1 : 2);
  return [...names].sort((one, other) => rank(one) - rank(other));
}

function undoingIn(flow: Flow, oneOf: readonly string[]): Undoing | null {
  for (const { emits } of flow.rows) {
    for (const effect of emits) {
      const undo = flow.event(effect)?.undoneBy;
      if (undo !== undefined && oneOf.includes(undo)) return { effect, undo };
    }
  }
  return null;
}

function isWaitedForByNobody(flow: Flow, name: string): boolean {
  const event = flow.event(name);
  if (event === undefined || event.ends !== undefined) return false;
  const undoes = flow.rows.some(({ emits }) => emits.some((effect) => flow.event(effect)?.undoneBy === name));
  return !undoes && flow.hearing({ kind: 'event', name, service: event.owner }).length === 0;
}
