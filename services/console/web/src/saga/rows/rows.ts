import type { SagaDetail, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { isHandled, owedSteps } from '../layout/marks/occurrences.ts';
import { allowed, clock } from '../layout/scene/durations.ts';
import type { MarkKind } from '../layout/scene/scene.ts';

/** One line of the list: an event, what is owed, or the line of now. */
export interface Row {
  readonly id: string;
  readonly kind: 'event' | 'late' | 'now' | 'owed';
  readonly service: string | null;
  readonly mark: MarkKind | null;
  readonly title: string;
  readonly time: string;
  readonly lines: readonly string[];
  readonly tone: 'plain' | 'back' | 'alarm' | 'ghost' | 'caution';
  readonly height: number;
  /** The row that it follows from. */
  readonly after: string | null;
  readonly top: number;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly services: readonly string[];
  readonly height: number;
}

const EVENT = 58;
const LATE = 132;
const NOW_LINE = 30;

/** The lanes turned by 90°: one row an event, from top to bottom by time, then now, then what is declared. */
export function rowsOf(detail: SagaDetail): Rows {
  const start = Date.parse(detail.placedAt);
  const owed = owedSteps(detail);
  const late = owed.filter(isLate);
  const isMoving = detail.endedAt === null || owed.length > 0;
  const said = [...detail.steps]
    .filter((step) => step.eventId !== null)
    .sort((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''));
  const drafts: Omit<Row, 'top'>[] = [
    ...said.map((step, index) =>
      eventRow(
        step,
        detail,
        index === 0 ? clock(Date.parse(step.at ?? '')) : `+${figureOf(Date.parse(step.at ?? '') - start)}`,
      ),
    ),
    ...late.map((step) => lateRow(step, detail)),
    ...(isMoving ? [nowRow(detail, owed.length > 0)] : []),
    ...owed.filter((step) => !isLate(step)).map((step) => owedRow(step, detail)),
  ];
  let top = 0;
  const rows = drafts.map((draft) => {
    const row = { ...draft, top };
    top += draft.height;
    return row;
  });
  const services = [
    ...new Set([...detail.lanes.map((lane) => lane.service), ...detail.steps.map((step) => step.service)]),
  ];
  return { rows, services, height: top };
}

const isLate = (step: Step): boolean =>
  step.state === 'overdue' || step.state === 'undo-failed' || step.state === 'dead' || step.state === 'parked';

function eventRow(step: Step, detail: SagaDetail, time: string): Omit<Row, 'top'> {
  const readings = detail.readings.filter((reading) => reading.eventId === step.eventId);
  const handled = readings.filter(isHandled).length;
  const ignored = readings.filter((reading) => reading.state === 'ignored').length;
  const aside = readings.filter((reading) => reading.state === 'dead' || reading.state === 'parked');
  const parts = [
    step.service,
    step.fact,
    step.state === 'undone' ? 'undone' : '',
    ...aside.map((reading) => `${reading.state === 'dead' ? 'dead letter' : 'parked'} at ${reading.service}`),
    ignored > 0 ? `${ignored} ignored it` : '',
    handled < readings.length && aside.length === 0 ? `${handled} of ${readings.length} readers` : '',
  ].filter((part) => part !== '');
  const tone =
    step.state === 'undo-failed'
      ? 'alarm'
      : step.state === 'refused' || step.state.startsWith('undo-')
        ? 'back'
        : 'plain';
  return {
    id: step.id,
    kind: 'event',
    service: step.service,
    mark: step.state,
    title: step.event,
    time,
    lines: [parts.join(' · ')],
    tone,
    height: EVENT,
    after: step.after,
  };
}

function lateRow(step: Step, detail: SagaDetail): Omit<Row, 'top'> {
  const now = Date.parse(detail.now);
  const late = step.dueAt === null ? null : now - Date.parse(step.dueAt);
  const cause = detail.events.find((event) => event.id === step.hearsId);
  const names = step.oneOf.length === 0 ? [step.event] : step.oneOf;
  const within = step.withinMs === null ? '' : ` · ${allowed(step.withinMs)} allowed`;
  const note = detail.lanes.find((lane) => lane.service === step.service);
  return {
    id: step.id,
    kind: 'late',
    service: step.service,
    mark: 'overdue',
    title: late !== null && late > 0 ? `${figureOf(late)} overdue` : 'cannot go on',
    time: cause === undefined ? '' : figureOf(now - Date.parse(cause.at)),
    lines: [
      names.join(' or '),
      `owed by ${step.service}${within}`,
      note !== undefined && note.tone !== 'ok' ? note.text : '',
    ].filter((line) => line !== ''),
    tone: 'alarm',
    height: LATE,
    after: step.after,
  };
}

const nowRow = (detail: SagaDetail, below: boolean): Omit<Row, 'top'> => ({
  id: 'now',
  kind: 'now',
  service: null,
  mark: null,
  title: `now · ${clock(Date.parse(detail.now), 1)}${below ? ' · below is declared' : ''}`,
  time: '',
  lines: [],
  tone: 'plain',
  height: NOW_LINE,
  after: null,
});

function owedRow(step: Step, detail: SagaDetail): Omit<Row, 'top'> {
  const left = detail.deadlineAt === null ? null : Date.parse(detail.deadlineAt) - Date.parse(detail.now);
  const isEnd = step.event === 'OrderConfirmed' && left !== null && left > 0;
  const fact = step.fact !== '' ? ` · ${step.fact}` : isEnd ? ` · or its deadline in ${figureOf(left)}` : '';
  return {
    id: step.id,
    kind: 'owed',
    service: step.service,
    mark: step.state,
    title: step.event,
    time: step.withinMs === null || step.nobodyWaits ? '' : `within ${allowed(step.withinMs)}`,
    lines: [step.nobodyWaits ? 'nobody waits for it' : `${step.service}${fact}`],
    tone: step.state === 'person' ? 'caution' : 'ghost',
    height: EVENT,
    after: step.after,
  };
}
