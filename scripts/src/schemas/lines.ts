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

/** Why `--against-topics` ends with 1: a reader cannot read a record, or nobody can, since the registry has lost its schema. */
export function verdictOf({ faults, foreign }: RecordReport): string[] {
  const lost = foreign.filter(({ code }) => code === 'SCHEMA_UNKNOWN');
  return [
    ...(faults.length > 0 ? [`✗ ${faults.length} times a reader cannot read a record.`] : []),
    ...(lost.length > 0 ? ['✗ The registry lacks schemas that records were written with: restore them.'] : []),
  ];
}

/** What the records in the topics showed. */
export function recordLines(report: RecordReport): string[] {
  const { records, written, faults, foreign } = report;
  const verdict = verdictOf(report);
  return [
    `${records} records in the topics.`,
    ...[...new Set(written.map(({ event }) => event))].sort().flatMap((event) => eventLines(event, report)),
    ...foreign
      .map((one) => `  ${one.records} of ${one.topic} for nobody, the first at ${placeOf(one)}: ${one.reason}`)
      .sort(),
    ...faults.slice(0, SHOWN).map(faultLine),
    ...(faults.length > SHOWN ? [`  … and ${faults.length - SHOWN} more; --json names all.`] : []),
    ...(verdict.length > 0 ? verdict : ['✓ Every reader can read them.']),
  ];
}

function eventLines(event: string, { written, read }: RecordReport): string[] {
  const schemas = written.filter((one) => one.event === event);
  const counts = schemas.map(({ schemaId, records }) => `${records} with schema ${schemaId}`).sort();
  const services = [...new Set(read.filter((one) => one.event === event).map(({ service }) => service))].sort();
  const readers = services.map((service) => {
    const versions = read.filter((one) => one.event === event && one.service === service).map(({ version }) => version);
    return `${service} (${versions.sort((one, other) => one - other).join(', ')})`;
  });
  return [`  ${shortName(event)}: ${counts.join(', ')}; read by ${readers.join(', ') || 'nobody'}`];
}

const faultLine = ({ event, field, reason, ...fault }: RecordFault): string =>
  `✗ ${placeOf(fault)} (schema ${fault.schemaId}): ${fault.service} cannot read ${shortName(event)} as version ${fault.version}` +
  `${field === '' ? '' : `, field ${field}`}: ${reason}`;

const shortName = (event: string): string => event.slice(event.lastIndexOf('.') + 1);

const placeOf = ({ topic, partition, offset }: Pick<RecordFault, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}@${offset}`;
