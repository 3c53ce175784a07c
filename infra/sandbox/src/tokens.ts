/** What the provider does with a means of payment: test tokens in the manner of payment sandboxes. */
export interface Behaviour {
  /** The charge is declined with this. */
  readonly declined?: { readonly code: string; readonly message: string };
  /** The charge is answered after this time. */
  readonly delayMs: number;
  /** How often the charge is answered 503 first. */
  readonly unavailable: number;
  /** How often a refund of the charge is refused first. */
  readonly refundRefusals: number;
  /** Every charge is refused with this status, 400 to 499. */
  readonly chargeRefusedWith?: number;
  /** Every refund of the charge is refused with this status. */
  readonly refundRefusedWith?: number;
}

const plain: Behaviour = { delayMs: 0, unavailable: 0, refundRefusals: 0 };

interface Counted {
  readonly otherwise: number;
  /** Undefined for a number that the token does not allow. */
  behaviour(n: number): Behaviour | undefined;
}

/** `tok_slow_<ms>`, `tok_refused_<status>` and the like; without a number, the one given here. */
const counted: Readonly<Record<string, Counted>> = {
  tok_slow: { otherwise: 3000, behaviour: (delayMs) => ({ ...plain, delayMs }) },
  tok_flaky: { otherwise: 2, behaviour: (unavailable) => ({ ...plain, unavailable }) },
  tok_refused: { otherwise: 400, behaviour: (status) => ofRefusal(status, { chargeRefusedWith: status }) },
  tok_refund_refused: { otherwise: 403, behaviour: (status) => ofRefusal(status, { refundRefusedWith: status }) },
  tok_refund_fails: { otherwise: 2, behaviour: (refundRefusals) => ({ ...plain, refundRefusals }) },
};

/** Every text is a token; those that are not known are declined as `invalid_token`. */
export function behaviourOf(token: string): Behaviour {
  if (token === 'tok_ok') return plain;
  if (token === 'tok_declined') return declined('card_declined', 'The card was declined.');
  const [, name = '', n] = /^(tok_[a-z_]*[a-z])(?:_(\d{1,6}))?$/.exec(token) ?? [];
  const kind = Object.hasOwn(counted, name) ? counted[name] : undefined;
  const behaviour = kind?.behaviour(n === undefined ? kind.otherwise : Number(n));
  return behaviour ?? declined('invalid_token', 'The payment token is not known to the provider.');
}

function ofRefusal(status: number, refusal: Partial<Behaviour>): Behaviour | undefined {
  return status >= 400 && status < 500 ? { ...plain, ...refusal } : undefined;
}

function declined(code: string, message: string): Behaviour {
  return { ...plain, declined: { code, message } };
}
