import type { Choreography, MapRow } from '../map/choreography.ts';
import { emitting, type Flow, flowOf, isEvent, type Step, shortestWay, started } from './flow.ts';
import { goodWay } from './good-way.ts';
import { type Turn, turnsByAnswer, turnsByCommand, turnsByTimer } from './turns.ts';
import type { Way } from './way.ts';

/**
 * The ways in which a choreographed order can end, as the map has them: the good way first, then those that come back to it,
 * then one for each step that can leave it, then one for each undoing call that can be refused. Which of them an order takes is up to the rules, and so is what
 * happens when several things go wrong at once: `npm run prove` explores that.
 */
export function waysOf(map: Choreography): readonly Way[] {
  const flow = flowOf(map);
  const good = goodWay(flow);
  if (good.length === 0) return [];
  const turns = [...turnsByAnswer(good), ...turnsByCommand(flow, good), ...turnsByTimer(flow, good)];
  const turned = turns.flatMap((turn) => wayThrough(flow, turn, good));
  const goes = turned.filter(({ outcome }) => outcome === 'success');
  const fails = turned.filter(({ outcome }) => outcome === 'failure');
  const ways: readonly Way[] = [{ outcome: 'success', steps: good, asks: [], undoing: [] }, ...goes, ...fails];
  return [...ways, ...refusedWays(flow, ways)];
}

function wayThrough(flow: Flow, { before, step, asks, stands }: Turn, good: readonly Step[]): readonly Way[] {
  const begun = [...before, step];
  const turned = { turn: before.length, asks, ...(stands && { stands }) };
  const rejoined = good.findIndex(({ row }) => flow.hearing(step.says).includes(row));
  if (step.says.kind === 'call' && rejoined >= 0) {
    return [{ outcome: 'success', steps: [...begun, ...good.slice(rejoined)], undoing: [], ...turned }];
  }
  const steps = shortestWay(flow, begun, ({ kind, name }) => kind === 'event' && flow.event(name)?.ends === 'failure');
  if (steps === undefined) return [];
  const pending = stands?.hears.kind === 'call' ? stands.emits : [];
  return [{ outcome: 'failure', steps, undoing: undoing(flow, steps, pending), ...turned }];
}

/** For each effect of the steps, and of a call that is under way, how the end undoes it, unless a step has. */
function undoing(flow: Flow, steps: readonly Step[], pending: readonly string[]): readonly (readonly Step[])[] {
  const happened = [...steps.filter(isEvent).map(({ says }) => says.name), ...pending];
  const toUndo = happened
    .flatMap((name) => flow.event(name)?.undoneBy ?? [])
    .filter((name) => !happened.includes(name));
  const end = steps.at(-1);
  if (end === undefined) return [];
  return [...new Set(toUndo)].flatMap((undo) => {
    const way = shortestWay(flow, [end], ({ name }) => name === undo);
    return way === undefined ? [] : [way.slice(1)];
  });
}

/** A way for each call that undoes an effect, and can be refused. It is the first of the ways that needs the call. */
function refusedWays(flow: Flow, ways: readonly Way[]): readonly Way[] {
  const undos = new Set(flow.rows.flatMap(({ emits }) => emits.flatMap((name) => flow.event(name)?.undoneBy ?? [])));
  return flow.rows
    .filter(({ hears }) => hears.kind === 'call')
    .flatMap((row) =>
      row.emits.filter((name) => undos.has(name)).flatMap((undone) => refusals(flow, ways, { row, undone })),
    );
}

function refusals(flow: Flow, ways: readonly Way[], { row, undone }: { row: MapRow; undone: string }): readonly Way[] {
  const base = ways.find(({ steps, undoing }) => [steps, ...undoing].flat().some((step) => step.row === row));
  if (base === undefined) return [];
  const asks = flow.rows.filter((other) =>
    started(flow, other, 'call').some((call) => flow.hearing(call).includes(row)),
  );
  const again = asks.filter(({ hears }) => hears.kind === 'timer' || hears.kind === 'command');
  const byHand = flow.rows.filter(({ hears, emits }) => hears.kind === 'command' && emits.includes(undone));
  return row.emits
    .filter((name) => name !== undone)
    .map((name) => ({ ...base, refusal: { step: emitting(row, name), again, byHand, undone } }));
}
