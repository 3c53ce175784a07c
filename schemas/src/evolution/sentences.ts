import type { Break } from './reading.ts';
import { ownerOf, shortNameOf } from './version.ts';

/** A service, and the versions that it reads with. */
export interface ReadBy {
  readonly service: string;
  readonly versions: readonly number[];
}

/** One break, and where it shows. */
export interface Shown {
  readonly what: Break;
  readonly event: string;
  /** All writers are older than the readers: records of theirs may still be in the topics. */
  readonly older: boolean;
  /** `version 1`, `version 3 of the registry` */
  readonly writers: readonly string[];
  readonly readers: readonly ReadBy[];
}

/** For people: who writes what, who reads it, and the remedy. */
export function sentenceOf({ what, event, older, writers, readers }: Shown): string {
  return tell(what, {
    older,
    writes: `${ownerOf(event)} ${older ? 'wrote' : 'writes'} ${shortNameOf(event)} (${versioned(writers)})`,
    reads: readersOf(readers),
  });
}

interface Told {
  readonly older: boolean;
  /** `payment writes PaymentFailed (version 2)` */
  readonly writes: string;
  /** `order reads it (version 1)` */
  readonly reads: string;
}

/** `order reads it (version 3)`, `order (version 3) and watch (version 3) read it` */
function readersOf(readers: readonly ReadBy[]): string {
  const named = readers.map(({ service, versions }) => {
    return { service, with: `(${versioned(versions.map((version) => `version ${version}`))})` };
  });
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return `${only.service} reads it ${only.with}`;
  return `${listed(named.map((one) => `${one.service} ${one.with}`))} read it`;
}

function tell({ code, field, written, read }: Break, { older, writes, reads }: Told): string {
  const first = 'and remove it when nobody reads without that default any more';
  switch (code) {
    case 'FIELD_MISSING': {
      if (!older) return `${writes} without ${field}; ${reads}: give ${field} a default first, ${first}.`;
      const renamed = written === '' ? '' : ` If it is ${written} renamed, give it "aliases": ["${written}"].`;
      return `${writes} without ${field}; ${reads}: give ${field} a default.${renamed}`;
    }
    case 'TYPE_CHANGED':
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

/** `versions 1, 2 and 3`, `version 1 and version 4 of the registry` */
function versioned(called: readonly string[]): string {
  const numbers = called.map((one) => /^version (\d+)$/.exec(one)?.[1]);
  return called.length > 1 && numbers.every((number) => number !== undefined)
    ? `versions ${listed(numbers.map(String))}`
    : listed(called);
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
