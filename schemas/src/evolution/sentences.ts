import type { Break, Reader, Writer } from './reading.ts';
import { ownerOf, shortNameOf } from './version.ts';

/** One break for people: who writes what, who reads it, and the remedy. */
export function sentenceOf(what: Break, writers: readonly Writer[], reader: Reader): string {
  const names = writers.map(({ called }) => called);
  const older = writers.every(({ version }) => version !== undefined && version < reader.version);
  const event = shortNameOf(reader.event);
  return tell(what, {
    older,
    writes: `${ownerOf(reader.event)} ${older ? 'wrote' : 'writes'} ${event} (${listed(names)})`,
    reads: `${reader.service} reads it (version ${reader.version})`,
    readers: reader.service,
  });
}

interface Told {
  /** All writers are older than the reader: their records may still be in the topics. */
  readonly older: boolean;
  /** `payment writes PaymentFailed (version 2)` */
  readonly writes: string;
  /** `order reads it (version 1)` */
  readonly reads: string;
  readonly readers: string;
}

function tell({ code, field, written, read }: Break, { older, writes, reads, readers }: Told): string {
  const first = `and remove it when no ${readers} of that version runs any more`;
  switch (code) {
    case 'FIELD_MISSING': {
      if (!older) return `${writes} without ${field}; ${reads}: give ${field} a default first, ${first}.`;
      const renamed = written === '' ? '' : ` If it is ${written} renamed, give it "aliases": ["${written}"].`;
      return `${writes} without ${field}; ${reads}: give ${field} a default.${renamed}`;
    }
    case 'TYPE_CHANGED':
      return `${writes} with ${field} as ${written}; ${reads} as ${read}: ${inANewField(field)}`;
    case 'UNION_CHANGED':
      return `${writes} with ${field} as ${written}; ${reads} as ${read}: ${inANewField(field)}`;
    case 'SYMBOL_UNKNOWN':
      return `${writes} with ${field} ${written}; ${reads} and knows only ${read}: give the enum of ${field} a default symbol first.`;
    case 'NAME_CHANGED':
      return older
        ? `${writes} with ${placeOf(field)} of type ${written}; ${reads} as ${read}: give the type ${read} "aliases": ["${written}"].`
        : `${writes} with ${placeOf(field)} of type ${written}; ${reads} as ${read}: keep the name ${read}.`;
    case 'ALIAS_AMBIGUOUS':
      return `${writes} with ${written}; ${reads} and takes both for ${field}: remove one of them from the aliases of ${field}.`;
    case 'MEANING_CHANGED':
      return `${writes} with ${field} as ${meaning(written)}; ${reads} as ${meaning(read)}: ${inANewField(field)}`;
    case 'KEY_CHANGED':
      return `${writes} with the key ${written}; ${reads} with the key ${read}, by which its order is kept: keep the key, or emit a new event.`;
    case 'OTHER_EVENT':
      return `${writes} as a record ${written}; ${reads} as ${read}: keep the name, or emit a new event.`;
    case 'SCHEMA_UNUSABLE':
      return `${writes} with a schema that cannot be used (${written}); ${reads}: have it written as Avro with all its types in one schema.`;
    case 'UNREADABLE':
      return `${writes} so that it cannot be read (${written}); ${reads}: change the schema back, and emit what is new in a field with a default.`;
    default:
      return code satisfies never;
  }
}

const inANewField = (field: string): string =>
  `keep ${field} as it was, and add a field of another name, with a default, for the new type.`;

const placeOf = (field: string): string => (field === '' ? 'the record' : field);
const meaning = (logical: string): string => (logical === 'none' ? 'a plain value' : logical);

/** `version 1, version 2 and version 3` */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
