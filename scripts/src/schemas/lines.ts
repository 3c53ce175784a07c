import {
  type History,
  historyFaults,
  type Locking,
  type RecordFault,
  type RecordReport,
  type Refusal,
  refusalsIn,
} from '@troupe/schemas/evolution';

/** So many places are named; the rest is counted. */
const SHOWN = 50;

export interface Checked {
  /** Of the history itself. */
  readonly faults: readonly string[];
  /** Readers that cannot read a version. */
  readonly refusals: readonly Refusal[];
}

/** What speaks against a history, as things are now. */
export const checked = (history: History, now: Locking): Checked => ({
  faults: historyFaults(history, now),
  refusals: refusalsIn(history),
});

/** The same for people. */
export function repositoryLines({ versions, reads }: History, { faults, refusals }: Checked): string[] {
  if (faults.length + refusals.length > 0) {
    return [...faults.map((fault) => `✗ ${fault}`), ...refusals.map(({ code, sentence }) => `✗ ${code}: ${sentence}`)];
  }
  const events = new Set(versions.map(({ event }) => event)).size;
  return [
    '✓ Every released version can be read by every service that hears it.',
    `  ${versions.length} versions of ${events} events, ${Object.keys(reads).length} services`,
  ];
}

/** What the records in the topics showed. */
export function recordLines({ records, read, faults, foreign }: RecordReport): string[] {
  const lost = faults.length === 0 ? '✓ Every reader can read them.' : `✗ ${faults.length} readings fail.`;
  return [
    `${records} records in the topics.`,
    ...read.map((one) => `  ${one.service} reads ${nameOf(one)}: ${one.records}`),
    ...foreign.map(
      (one) => `  ${one.topic}: ${one.records} are for nobody, the first at ${placeOf(one)}: ${one.reason}`,
    ),
    ...faults.slice(0, SHOWN).map(faultLine),
    ...(faults.length > SHOWN ? [`  … and ${faults.length - SHOWN} more; --json names all.`] : []),
    lost,
  ];
}

const faultLine = (fault: RecordFault): string =>
  `✗ ${placeOf(fault)} (schema ${fault.schemaId}): ${fault.service} cannot read ${nameOf(fault)}${fault.field === '' ? '' : `, field ${fault.field}`}: ${fault.reason}`;

const nameOf = ({ event, version }: { readonly event: string; readonly version: number }): string =>
  `${event.slice(event.lastIndexOf('.') + 1)} as version ${version}`;

const placeOf = ({ topic, partition, offset }: Pick<RecordFault, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}@${offset}`;
