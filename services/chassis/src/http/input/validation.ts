import type { z } from 'zod';
import { charactersIn } from '../../rules/characters.ts';
import { sentence, shown } from '../../rules/fault-sentences.ts';
import { HttpProblem } from '../answer/problem.ts';
import { type Fault, hostileParts } from './hostile.ts';

type Path = readonly PropertyKey[];
type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

/** A part of the request, and how its fields are called in faults. */
interface Place {
  fieldOf(path: Path): string;
  /** A value that does not fit is 422 in a body, but 400 in an address: 422 speaks of content (RFC 9110, 15.5.21). */
  readonly isContent: boolean;
}

const BODY: Place = { fieldOf: jsonPointer, isContent: true };
const QUERY: Place = { fieldOf: (path) => `query ${path.join('.')}`, isContent: false };
const PATH: Place = { fieldOf: (path) => `path ${path.join('.')}`, isContent: false };

export type Parts = Readonly<Record<'params' | 'query' | 'body', unknown>>;
export type Schemas = { readonly [Part in keyof Parts]?: z.ZodType };

/**
 * Checks the parts of a request against their schemas and gives what the schemas made of them. A part without a schema
 * comes out as `{}`: nothing unchecked reaches a handler. Schemas must be synchronous.
 *
 * @throws HttpProblem with every fault at once:
 *   400 INVALID_REQUEST when the shape is wrong (a missing or unknown field, a wrong JSON type) or the address is;
 *   422 UNACCEPTABLE_VALUE when the shape is right and a value of the body is not (0, -1 or 1.5 pieces).
 */
export function validated(schemas: Schemas, parts: Parts): Parts {
  const faults: Fault[] = [];
  const params = check(schemas.params, parts.params, PATH, faults);
  const query = check(schemas.query, parts.query, QUERY, faults);
  const body = check(schemas.body, parts.body, BODY, faults);
  if (faults.length > 0) throw invalid(faults);
  return { params, query, body };
}

function check(schema: z.ZodType | undefined, value: unknown, place: Place, faults: Fault[]): unknown {
  if (schema === undefined) return {};
  const hostile = hostileParts(value, place.fieldOf);
  const result =
    hostile.length > 0 ? undefined : schema.safeParse(value, { error: (issue) => explained(issue, value) });
  if (result?.success === true) return result.data;
  const found =
    result === undefined ? hostile : holding(result.error.issues).flatMap((issue) => faultsOf(issue, [], place));
  faults.push(...found.map((fault) => ({ ...fault, shape: fault.shape || !place.isContent })));
  return undefined;
}

function faultsOf(issue: Issue, above: Path, place: Place): readonly Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: place.fieldOf([...path, key]), message: issue.message, shape: true }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The form that the client most likely meant: the one with the fewest faults.
    const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
    if (nearest !== undefined && nearest.length > 0)
      return holding(nearest).flatMap((inner) => faultsOf(inner, path, place));
  }
  return [{ field: place.fieldOf(path), message: issue.message, shape: isOfShape(issue) }];
}

/** A number beyond 2^53 breaks the bound of all whole numbers as well; where its field has a nearer one, that one holds. */
function holding(issues: readonly Issue[]): readonly Issue[] {
  return issues.filter((issue) => !isOuterBound(issue) || !issues.some((other) => isNearerBound(other, issue)));
}

const isOuterBound = (issue: Issue): boolean =>
  (issue.code === 'too_big' || issue.code === 'too_small') && issue.origin === 'int';

const isNearerBound = (other: Issue, outer: Issue): boolean =>
  other !== outer && other.code === outer.code && other.path.join('/') === outer.path.join('/');

/** 1.5 where a whole number is asked has the right JSON type: its value is not acceptable. */
function isOfShape(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.expected !== 'int';
}

/** The sentence, and what was sent instead. Used where a schema's author wrote no message. */
function explained(issue: RawIssue, whole: unknown): string {
  const said = sentence(issue);
  if (issue.code === 'unrecognized_keys' || issue.input === undefined) return said;
  const { input } = issue;
  if (input === Number.POSITIVE_INFINITY || input === Number.NEGATIVE_INFINITY) {
    return 'is a number that is too large to be read; send one that its field can hold';
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const count = sizeOf(input);
    return `${said}; you sent ${isExact(count) ? count : inexact(count, valueAt(whole, issue.path ?? []))}`;
  }
  return `${said}; you sent ${shown(Number.isNaN(input) ? valueAt(whole, issue.path ?? []) : input)}`;
}

function sizeOf(input: unknown): unknown {
  if (typeof input === 'string') return charactersIn(input);
  if (!Array.isArray(input)) return input;
  return input.length === 0 ? 'none' : input.length;
}

const isExact = (count: unknown): boolean => !(Math.abs(count as number) > Number.MAX_SAFE_INTEGER);

/** Beyond 2^53 the digits of a number in JSON are lost when it is read; in a query they are still there. */
function inexact(count: unknown, sent: unknown): string {
  if (typeof sent === 'string') return shown(sent);
  return (count as number) > 0 ? 'a number above 9007199254740991' : 'a number below -9007199254740991';
}

/** Query values become numbers before they are checked: NaN was something else when it was sent. */
function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function invalid(faults: readonly Fault[]): HttpProblem {
  const [first] = faults;
  const more = faults.length === 1 ? '' : ` (${faults.length - 1} more in errors)`;
  const shape = faults.some((fault) => fault.shape);
  return new HttpProblem({
    ...(shape
      ? { status: 400, code: 'INVALID_REQUEST', title: 'The request does not have the expected form' }
      : { status: 422, code: 'UNACCEPTABLE_VALUE', title: 'A value in the request is not acceptable' }),
    detail: `${first?.field} ${first?.message}${more}.`,
    faults: faults.map(({ field, message }) => ({ field, message })),
  });
}

/** https://www.rfc-editor.org/rfc/rfc6901; `body` for the whole. */
function jsonPointer(path: Path): string {
  if (path.length === 0) return 'body';
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
