import { saying } from './characters.ts';

/**
 * The outside has said no, for good: one of the three kinds of answer that a port can have.
 * - done:      the port resolves with the outcome of its call;
 * - refused:   it resolves with this, and its `refused` says what that means for the outcome. Asking again changes nothing;
 * - no answer: it throws. The call may or may not have had its effect; it is made again, with the same idempotency key.
 *
 * Only "no answer" speaks against the other side: its circuit breaker counts nothing else.
 */
export class Refused {
  /** Of the other side, stable, for programs: `invalid_request`; `HTTP_403` when it gave none. */
  readonly code: string;
  /** What the other side said to people: one line, at most 200 characters. */
  readonly detail: string;
  /** Of an answer over HTTP or SMTP. */
  readonly status: number | undefined;
  /** Something before it was taken, and may have had its effect; only what came after is refused: a look, say. */
  readonly mayBeDone: boolean;

  constructor({ code, detail, status, mayBeDone = false }: Refusal) {
    this.code = saying(code);
    this.detail = saying(detail);
    this.status = status;
    this.mayBeDone = mayBeDone;
  }
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly mayBeDone?: boolean;
}
