import type { Answer } from '../../incoming/answer.ts';
import { DomainError, type FieldFault, type ProblemParts, Retryable } from '../../rules/failure.ts';
import { Overloaded } from '../server/bulkhead.ts';

/** The request itself was wrong, before any rule was asked. */
export class HttpProblem extends DomainError {
  override readonly name = 'HttpProblem';
  readonly headers: Readonly<Record<string, string>>;

  constructor({ headers = {}, ...problem }: ProblemParts & { readonly headers?: Readonly<Record<string, string>> }) {
    super(problem);
    this.headers = headers;
  }
}

/** One part of the request is wrong: `field` and `message` are its detail as well, as a sentence. */
export const wrongPart = ({
  field,
  message,
  because = '',
  ...problem
}: FieldFault & PartOfProblem & { readonly because?: string }): HttpProblem =>
  new HttpProblem({
    ...problem,
    detail: `${because}${because === '' ? 'The' : ': the'} ${field} ${message}.`,
    faults: [{ field, message }],
  });

type PartOfProblem = Omit<ConstructorParameters<typeof HttpProblem>[0], 'detail' | 'faults'>;

const UNAVAILABLE = {
  status: 503,
  title: 'The service cannot do this right now',
  detail: 'Send the request again in a second; with the same Idempotency-Key it takes effect once.',
  faults: [],
  headers: { 'retry-after': '1' },
};

const FULL = {
  status: 503,
  title: 'The service has as much to do as it can hold',
  detail: 'Nothing of this request was done. Send it again after as many seconds as the header Retry-After says.',
  faults: [],
};

/** Says nothing of what broke: that is in the log, under the trace id. */
const INTERNAL = {
  status: 500,
  code: 'INTERNAL_ERROR',
  title: 'The service made a mistake',
  detail: 'Nothing was wrong with the request. Tell the operator the traceId; the cause is in the log beside it.',
  faults: [],
  headers: {},
};

/** Every error that a request can end with, as the answer the client gets. */
export function problemAnswer(error: unknown, at: { readonly instance: string; readonly traceId: string }) {
  const { status, code, title, detail, faults, headers } = described(error);
  const type = `urn:troupe:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const errors = faults.length === 0 ? {} : { errors: faults };
  /** Problem details, https://www.rfc-editor.org/rfc/rfc9457, with three members of our own: /openapi.json says which. */
  const body = { type, title, status, detail, instance: at.instance, code, traceId: at.traceId, ...errors };
  return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body } satisfies Answer;
}

export type Problem = ReturnType<typeof problemAnswer>['body'];

function described(error: unknown): Described {
  if (error instanceof DomainError) {
    const { status, code, title, message: detail, faults } = error;
    return { status, code, title, detail, faults, headers: error instanceof HttpProblem ? error.headers : {} };
  }
  if (error instanceof Overloaded) {
    return { ...FULL, code: error.code, headers: { 'retry-after': String(error.retryAfterS) } };
  }
  return error instanceof Retryable ? { ...UNAVAILABLE, code: error.code } : INTERNAL;
}

type Described = Required<ConstructorParameters<typeof HttpProblem>[0]>;
