import type { Type } from 'avsc';
import { UnencodableEvent } from './errors.ts';
import type { AnyEventType } from './event-type.ts';

/** What is wrong with data that its type refused, field first; undefined when the data is right after all. */
export function unencodable(event: AnyEventType, type: Type, data: unknown): UnencodableEvent | undefined {
  let first: UnencodableEvent | undefined;
  type.isValid(data, {
    errorHook: (path, value, expected) => {
      first ??= new UnencodableEvent(event.messageName, path.join('.'), faultOf(value, expected));
    },
  });
  return first;
}

function faultOf(value: unknown, expected: Type): string {
  switch (expected.typeName) {
    case 'string':
      return typeof value === 'string'
        ? 'holds half of a character (a lone surrogate), which UTF-8 cannot carry. Refuse such text where it comes in.'
        : `is ${shown(value)}, not a string.`;
    case 'int':
      return `is ${shown(value)}, not a whole number from -2^31 to 2^31-1.`;
    case 'long':
      return `is ${shown(value)}, not a whole number within ±(2^53-1).`;
    case 'enum':
      return `is ${shown(value)}, not one of ${(expected as Type & { symbols: readonly string[] }).symbols.join(', ')}.`;
    default:
      return `is ${shown(value)}, not of the type ${JSON.stringify(expected)}.`;
  }
}

/** Short enough for a log; objects by their kind only, as they may hold anything. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return Object.is(value, -0) ? '-0' : String(value);
}
