import type { StepState } from '../../../../src/contract/saga.ts';

/** What a step came to, and the marks of what surrounds it. */
export type MarkKind = StepState | 'noted' | 'ignored' | 'duplicate' | 'away' | 'timer';

/** What a mark says, for those who do not see it. */
export const MARK_WORDS: Readonly<Record<MarkKind, string>> = {
  done: 'done',
  running: 'running',
  expected: 'expected next',
  overdue: 'overdue',
  refused: 'refused: the path turns back here',
  undone: 'done, then undone',
  'undo-done': 'undone',
  'undo-running': 'being undone',
  'undo-expected': 'undo expected',
  'undo-failed': 'cannot be undone',
  person: 'waits for a person',
  unexpected: 'not declared',
  dead: 'dead letter',
  parked: 'parked behind a dead letter',
  skipped: 'will not happen any more',
  noted: 'noted, nothing said',
  ignored: 'ignored',
  duplicate: 'duplicate, dropped by the inbox',
  away: 'away',
  timer: 'a deadline that will go off',
};
