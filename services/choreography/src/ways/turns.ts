import type { MapRow } from '../map/choreography.ts';
import { emitting, excludes, type Flow, isEvent, type Step, started } from './flow.ts';

/** A step that leaves the good way, and what has happened before it. */
export interface Turn {
  readonly before: readonly Step[];
  readonly step: Step;
  /** What its service says before, and waits. */
  readonly asks: readonly Step[];
  /** Where the good way stands when it happens. The effect of a call that is under way then may have happened. */
  readonly stands?: MapRow;
}

/** Where a row on the good way says something else: inventory has not enough, the carrier refuses. */
export function turnsByAnswer(good: readonly Step[]): readonly Turn[] {
  return good.flatMap(({ row }, at) =>
    row.emits
      .filter((name) => !good.some((step) => says(step, name)))
      .map((name) => ({ before: good.slice(0, at), step: emitting(row, name), asks: [] })),
  );
}

/** Where a person says something: a customer cancels, an operator rejects. */
export function turnsByCommand(flow: Flow, good: readonly Step[]): readonly Turn[] {
  const commands = flow.rows.filter(({ hears, begins }) => hears.kind === 'command' && begins === undefined);
  return commands.flatMap((row) => [
    ...row.emits.flatMap((name) => turnAtLatest(flow, good, emitting(row, name))),
    ...started(flow, row, 'call').flatMap((call): readonly Turn[] => {
      const at = good.findIndex((step) => step.row.service === row.service && step.row.hears.name === call.name);
      return at < 1 ? [] : [turnAt(good, at - 1, { row, says: call })];
    }),
  ]);
}

/** Where a timer fires that was started on the good way. */
export function turnsByTimer(flow: Flow, good: readonly Step[]): readonly Turn[] {
  const rows = good.flatMap(({ row }) => started(flow, row, 'timer').flatMap((timer) => flow.hearing(timer)));
  return [...new Set(rows)].flatMap((row) =>
    row.emits.flatMap((name) => turnAtLatest(flow, good, emitting(row, name))),
  );
}

/**
 * The turn at the latest moment at which it can happen, since most is to be undone then: as long as an event of the good way
 * has not been caused that excludes it. Nothing when the good way never excludes it: then it is no turn.
 */
function turnAtLatest(flow: Flow, good: readonly Step[], step: Step): readonly Turn[] {
  const tooLate = good.findIndex((other) => isEvent(other) && excludes(flow, other.says.name, step.says.name));
  if (tooLate < 1) return [];
  return [turnAt(good, tooLate - 1, step)];
}

/** The turn instead of a step of the good way. */
function turnAt(good: readonly Step[], at: number, step: Step): Turn {
  const stands = good[at]?.row;
  return { before: good.slice(0, at), step, asks: asksOf(good, at, step.row), ...(stands && { stands }) };
}

/** What the service of a turn says instead of going on: an event of its row that the good way does not have. */
function asksOf(good: readonly Step[], at: number, turning: MapRow): readonly Step[] {
  const row = good[at]?.row;
  if (row === undefined || row.service !== turning.service) return [];
  return row.emits.filter((name) => !good.some((step) => says(step, name))).map((name) => emitting(row, name));
}

const says = (step: Step, event: string): boolean => isEvent(step) && step.says.name === event;
