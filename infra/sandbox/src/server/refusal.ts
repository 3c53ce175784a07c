/** The answer to a request that was refused. */
export interface ErrorBody {
  /** Stable, for programs. */
  readonly code: string;
  /** A sentence that tells what to do. */
  readonly message: string;
  /** JSON pointer into the body, `header …` or `query …`; only when one field is at fault. */
  readonly field?: string;
}

/** Ends a request with this status and `{"error": …}`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** 400 with the field at fault. */
export function invalid(field: string, message: string): Refusal {
  return new Refusal(400, { code: 'invalid_request', message: `${field}: ${message}`, field });
}
