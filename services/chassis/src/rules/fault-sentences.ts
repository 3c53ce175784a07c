import type { z } from 'zod';
import { firstCharacters } from './characters.ts';

type RawIssue = z.core.$ZodRawIssue;

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  set: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  map: 'an object',
  null: 'null',
  date: 'a date',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'a UUID, such as 019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b',
  guid: 'a UUID, such as 019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b',
  email: 'an e-mail address, such as ada@example.com',
  url: 'a URL, such as https://example.com/',
  datetime: 'a date and time of RFC 3339, such as 2026-11-21T09:30:00Z',
  date: 'a date, such as 2026-11-21',
};

/** What zod found wrong, as the end of a sentence that starts with the field's name: `must be at least 1`. */
export function sentence(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `is missing; it must be ${noun(issue)}` : `must be ${noun(issue)}`;
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum), issue.inclusive !== false);
    case 'too_big':
      return tooBig(issue.origin, Number(issue.maximum), issue.inclusive !== false);
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? `text of the form ${issue.pattern ?? issue.format}`}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `must be ${alternatives(issue.values)}`;
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? `must be ${alternatives(issue.options)}`
        : 'has none of the forms that are accepted here';
    case 'unrecognized_keys':
      return 'is not a known field; remove it or correct its name';
    case 'invalid_key':
      return 'has a key that is not acceptable';
    default:
      return 'is not acceptable';
  }
}

/** A value as it may stand in a message: short, on one line, without control characters. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? 'a list of 1' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 40 ? `${firstCharacters(value, 40)}…` : value);
}

function noun(issue: RawIssue & { code: 'invalid_type' }): string {
  return NOUNS[issue.expected] ?? `of type ${issue.expected}`;
}

function alternatives(values: readonly unknown[]): string {
  const written = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  return written.length === 1 ? `${written[0]}` : `one of ${written.join(', ')}`;
}

function tooSmall(origin: string, minimum: number, inclusive: boolean): string {
  const unit = unitOf(origin, minimum);
  if (unit === undefined) return inclusive ? `must be at least ${minimum}` : `must be more than ${minimum}`;
  if (minimum === 1) return origin === 'string' ? 'must not be empty' : `must have at least 1 ${unit}`;
  return `must have at least ${minimum} ${unit}`;
}

function tooBig(origin: string, maximum: number, inclusive: boolean): string {
  const unit = unitOf(origin, maximum);
  if (unit !== undefined) return `must have at most ${maximum} ${unit}`;
  return inclusive ? `must be at most ${maximum}` : `must be less than ${maximum}`;
}

function unitOf(origin: string, count: number): string | undefined {
  if (origin === 'string') return count === 1 ? 'character' : 'characters';
  if (origin === 'array' || origin === 'set') return count === 1 ? 'entry' : 'entries';
  return undefined;
}
