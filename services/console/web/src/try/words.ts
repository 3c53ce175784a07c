import type { SagaDetail, Step } from '../../../src/contract/saga.ts';
import type { MarkKind } from '../parts/marks/mark-kinds.ts';
import { figureOf } from '../parts/words/duration.ts';

/** One line of the saga in words. */
export interface Saying {
  readonly key: string;
  /** `0`, `+168 ms`, `now`, `then`. */
  readonly when: string;
  readonly mark: MarkKind;
  readonly service: string;
  /** Names between ** and **. */
  readonly text: string;
  readonly tense: 'past' | 'present' | 'future';
}

/**
 * A saga as it would be told: who said what, what is under way, what is owed. It knows no service and no event by name, so that it
 * tells of services that come later as well.
 */
export function sayings(saga: SagaDetail): readonly Saying[] {
  const from = Date.parse(saga.placedAt);
  const steps = saga.steps.filter(({ state }) => state !== 'skipped');
  const turn = steps.find(({ state }) => state === 'refused');
  return [...steps].sort(byTime).map((step) => ({
    key: step.id,
    when: whenOf(step, from),
    mark: step.state,
    service: step.service,
    text: textOf(step, step === turn, saga),
    tense: step.at !== null ? 'past' : isUnderWay(step) ? 'present' : 'future',
  }));
}

/** What was said in its order, then what is under way, then the rest as it is declared. */
function byTime(one: Step, other: Step): number {
  const place = (step: Step): number => (step.at !== null ? 0 : isUnderWay(step) ? 1 : 2);
  if (place(one) !== place(other)) return place(one) - place(other);
  return one.at !== null && other.at !== null ? Date.parse(one.at) - Date.parse(other.at) : 0;
}

const UNDER_WAY: ReadonlySet<string> = new Set([
  'running',
  'undo-running',
  'overdue',
  'person',
  'undo-failed',
  'dead',
  'parked',
]);
const isUnderWay = ({ state }: Step): boolean => UNDER_WAY.has(state);

function whenOf(step: Step, from: number): string {
  if (step.at === null) return isUnderWay(step) ? 'now' : 'then';
  const ms = Date.parse(step.at) - from;
  return ms <= 0 ? '0' : `+${figureOf(ms)}`;
}

function textOf(step: Step, turns: boolean, saga: SagaDetail): string {
  const { service, event, fact, hears } = step;
  // A fact may be a partner's own sentence; the line ends it.
  const known = fact === '' ? '' : `: ${fact.replace(/\.$/, '')}`;
  const heard =
    saga.steps[0] === step && step.state !== 'refused'
      ? 'took the order in and '
      : hears === null
        ? ''
        : `heard **${hears}** and `;
  switch (step.state) {
    case 'refused':
      return `**${service}** ${heard}said **${event}**${known}.${turns ? ' From here everything is undone, last step first.' : ''}`;
    case 'undo-done':
      return `**${service}** ${heard}took it back with **${event}**${known}.`;
    case 'undone':
      return `**${service}** ${heard}said **${event}**${known}. It was undone later.`;
    case 'running':
      return `**${service}** ${hears === null ? 'is at work' : `works on **${hears}**`} …`;
    case 'undo-running':
      return `**${service}** takes it back: **${event}** is owed …`;
    case 'person':
      return `**${service}** waits for a person before it says **${event}**.`;
    case 'overdue':
      return `**${service}** owes **${event}** and is late${within(step, ': it was allowed ')}.`;
    case 'undo-failed':
      return `**${service}** could not take it back: **${event}** is owed. A person has to look.`;
    case 'dead':
      return `**${service}** could not handle **${hears ?? event}**: it is a dead letter.`;
    case 'parked':
      return `**${hears ?? event}** is parked at **${service}** behind a dead letter.`;
    case 'unexpected':
      return `**${service}** said **${event}**, which no table declares here.`;
    case 'expected':
    case 'undo-expected':
      return `**${service}** will say **${event}**${alternatives(step)}${within(step, ', within ')}.${
        step.nobodyWaits ? ' Nobody waits for it.' : ''
      }`;
    default:
      return `**${service}** ${heard}said **${event}**${known}.`;
  }
}

const within = ({ withinMs }: Step, words: string): string => (withinMs === null ? '' : words + figureOf(withinMs));

const alternatives = ({ event, oneOf }: Step): string => {
  const others = oneOf.filter((name) => name !== event);
  return others.length === 0 ? '' : ` (or ${others.map((name) => `**${name}**`).join(', ')})`;
};
