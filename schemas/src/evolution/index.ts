export {
  type History,
  historyFolder,
  type ReadVersions,
  type ReleasedLine,
  readHistory,
  writeHistory,
} from './history.ts';
export { historyFaults } from './history-faults.ts';
export { type Hearers, type Locking, locked, rolledOut } from './lock.ts';
export { type Break, type BreakCode, breaksOf, type Reader, type Writer, writerOf } from './reading.ts';
export {
  type ForeignCount,
  type ReadCount,
  type RecordAt,
  RecordCheck,
  type RecordFault,
  type RecordReport,
  type WrittenCount,
} from './records.ts';
export { type Refusal, readersIn, refusalsIn, refusalsOf } from './refusals.ts';
export { fingerprintOf, type SchemaVersion, versionsOf } from './version.ts';
