import type { Choreography } from '../map/choreography.ts';
import { ALLOWED, type Allowance } from './allowed.ts';
import { eventCycles } from './cycles.ts';
import { answersWithoutDeadline, deadlinesTooShort } from './deadlines.ts';
import type { Check, CheckCode, Finding } from './finding.ts';
import { sagasWithoutEnd, unknownAsks, unreachableRows } from './reaching.ts';
import { incompleteSchemas } from './schemas.ts';
import { foreignTopics, twoEmitters, unemittedEvents, unheardEvents } from './speaking.ts';
import { effectsWithoutUndo } from './undoing.ts';

/** Every check, by its code. */
export const CHECKS: Readonly<Record<CheckCode, Check>> = {
  SCHEMA_INCOMPLETE: incompleteSchemas,
  EVENT_UNHEARD: unheardEvents,
  EVENT_UNEMITTED: unemittedEvents,
  EVENT_TWO_EMITTERS: twoEmitters,
  FOREIGN_TOPIC: foreignTopics,
  ROW_UNREACHABLE: unreachableRows,
  SAGA_WITHOUT_END: sagasWithoutEnd,
  EVENT_CYCLE: eventCycles,
  EFFECT_WITHOUT_UNDO: effectsWithoutUndo,
  ANSWER_WITHOUT_DEADLINE: answersWithoutDeadline,
  DEADLINE_TOO_SHORT: deadlinesTooShort,
  ASK_UNKNOWN: unknownAsks,
};

export interface Verdict {
  /** What is to be mended. */
  readonly faults: readonly Finding[];
  /** What was found and is right, with the reason. */
  readonly allowed: readonly (Finding & { readonly reason: string })[];
}

/** Asks every check, and takes out what is allowed. */
export function check(map: Choreography, allowances: readonly Allowance[] = ALLOWED): Verdict {
  const found = Object.values(CHECKS).flatMap((ask) => ask(map));
  const allowanceOf = ({ code, place }: Finding) =>
    allowances.find((allowance) => allowance.code === code && allowance.place === place);
  const allowed = found.flatMap((finding) => {
    const allowance = allowanceOf(finding);
    return allowance === undefined ? [] : [{ ...finding, reason: allowance.reason }];
  });
  return {
    faults: [
      ...found.filter((finding) => allowanceOf(finding) === undefined),
      ...allowances.flatMap((allowance) => faultsOf(allowance, found)),
    ],
    allowed,
  };
}

const FILE = 'services/choreography/src/checks/allowed.ts';

/** An entry says why, and is about something that is there. */
function faultsOf({ code, place, reason }: Allowance, found: readonly Finding[]): Finding[] {
  if (!found.some((finding) => finding.code === code && finding.place === place)) {
    const text = `${FILE} allows ${code} at "${place}", which is not found any more. Remove the entry, so that it does not hide the next one.`;
    return [{ code: 'ALLOWANCE_STALE', place, text }];
  }
  if (reason.trim() !== '') return [];
  const text = `${FILE} allows ${code} at "${place}" without a reason. Say which rule makes it right.`;
  return [{ code: 'ALLOWANCE_WITHOUT_REASON', place, text }];
}
