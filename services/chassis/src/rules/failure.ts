/** One fault in a client's input: where it was, and what to do about it. */
export interface FieldFault {
  /** JSON pointer into the body (RFC 6901), or `header x-…`, `query …`, `path …`. */
  readonly field: string;
  readonly message: string;
}

/**
 * A rule said no to a command. Not a failure of the system: it becomes problem details (RFC 9457) and is never
 * retried or dead-lettered. Declare one beside its rule; the message is a sentence that tells what to do.
 */
export class DomainError extends Error {
  override readonly name: string = 'DomainError';
  /** Stable, for programs: `TRIP_ALREADY_CONFIRMED`. */
  readonly code: string;
  /** HTTP status: 404, 409 or 422. */
  readonly status: number;
  /** Short and the same for every occurrence: `The trip is already confirmed`. */
  readonly title: string;
  readonly faults: readonly FieldFault[];

  constructor({ detail, faults = [], ...problem }: ProblemParts) {
    super(detail);
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.faults = faults;
  }
}

export type ProblemParts = Pick<DomainError, 'code' | 'status' | 'title'> & {
  readonly detail: string;
  readonly faults?: readonly FieldFault[];
};

abstract class CodedError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A message that can never be handled, however often it is tried: undecodable bytes, a broken invariant.
 * It is set aside with its bytes; its batch goes on without it.
 */
export class Terminal extends CodedError {
  override readonly name = 'Terminal';
}

/** A dependency is away or asks for another try: wait and repeat, never set aside. */
export class Retryable extends CodedError {
  override readonly name = 'Retryable';
}

export type Failure = Terminal | Retryable;

/** The stable code of an error that has one: ours have, and those of Node and the libraries. */
export function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** What an error says, on one line: Prisma tells first where it was called, and what happened last. */
export function shortReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n').at(-1)?.trim() ?? '';
}
