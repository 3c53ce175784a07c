import type { SagaDetail, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import type { MarkKind } from '../../parts/index.ts';

export interface Outcome {
  readonly mark: MarkKind;
  readonly text: string;
  readonly look: '' | 'late' | 'ghost' | 'undo' | 'odd';
}

/** What a line of the protocol came to in this order, in a few words. */
export function outcomeOf(step: Step, detail: SagaDetail): Outcome {
  const now = Date.parse(detail.now);
  const start = Date.parse(detail.placedAt);
  const late = step.dueAt === null ? null : now - Date.parse(step.dueAt);
  const undoneAt = detail.steps.find((other) => other.id === step.undoneBy)?.at;
  switch (step.state) {
    case 'done':
      return { mark: 'done', text: step.event, look: '' };
    case 'undone': {
      const when = undoneAt ? `, undone at +${figureOf(Date.parse(undoneAt) - start)}` : ', undone';
      return { mark: 'undone', text: `${step.event}${when}`, look: '' };
    }
    case 'refused':
      return { mark: 'refused', text: `${step.event}: turns back`, look: 'undo' };
    case 'undo-done':
      return { mark: 'undo-done', text: step.event, look: 'undo' };
    case 'undo-running':
      return { mark: 'undo-running', text: 'under way', look: 'undo' };
    case 'undo-expected':
      return { mark: 'undo-expected', text: 'not yet', look: 'ghost' };
    case 'undo-failed':
      return {
        mark: 'undo-failed',
        text: step.eventId === null ? lateWords(late) : `${step.event}: cannot be undone`,
        look: 'late',
      };
    case 'overdue':
      return { mark: 'overdue', text: lateWords(late), look: 'late' };
    case 'dead':
      return { mark: 'dead', text: 'a dead letter stands before it', look: 'late' };
    case 'parked':
      return { mark: 'parked', text: 'parked behind a dead letter', look: 'late' };
    case 'person':
      return {
        mark: 'person',
        text: step.eventId === null ? 'waits for a person' : `${step.event}: waits for a person`,
        look: 'odd',
      };
    case 'unexpected':
      return { mark: 'unexpected', text: `${step.event}: not declared`, look: 'odd' };
    case 'skipped':
      return { mark: 'skipped', text: 'will not happen any more', look: 'ghost' };
    case 'running':
      return {
        mark: 'running',
        text: late !== null && late < 0 ? `under way, due in ${figureOf(-late)}` : 'under way',
        look: '',
      };
    case 'expected':
      return { mark: 'expected', text: step.nobodyWaits ? 'not yet, nobody waits for it' : 'not yet', look: 'ghost' };
    default:
      return unreachable(step.state);
  }
}

const lateWords = (late: number | null): string =>
  late !== null && late > 0 ? `${figureOf(late)} overdue` : 'overdue';

function unreachable(state: never): never {
  throw new Error(`The page does not know the step state ${String(state)}.`);
}

/** "7 of 7 as declared; 1 duplicate dropped, 3 events ignored with a reason". */
export function protocolSummary(detail: SagaDetail): string {
  const said = detail.steps.filter((step) => step.eventId !== null);
  const declared = said.filter((step) => step.state !== 'unexpected').length;
  const duplicates = detail.readings.reduce((sum, reading) => sum + reading.duplicates.length, 0);
  const ignored = detail.readings.filter((reading) => reading.state === 'ignored').length;
  const parts = [
    `${declared} of ${said.length} as declared`,
    ...(duplicates === 0 ? [] : [`${duplicates} ${duplicates === 1 ? 'duplicate' : 'duplicates'} dropped`]),
    ...(ignored === 0 ? [] : [`${ignored} ${ignored === 1 ? 'event' : 'events'} ignored with a reason`]),
  ];
  return parts.join('; ');
}
