import { describe, expect, it } from '@jest/globals';
import { behaviourOf } from '../src/tokens.ts';

describe('the test tokens', () => {
  it.each([
    ['tok_ok', { delayMs: 0, unavailable: 0, refundRefusals: 0 }],
    ['tok_slow', { delayMs: 3000, unavailable: 0, refundRefusals: 0 }],
    ['tok_slow_250', { delayMs: 250, unavailable: 0, refundRefusals: 0 }],
    ['tok_flaky', { delayMs: 0, unavailable: 2, refundRefusals: 0 }],
    ['tok_flaky_7', { delayMs: 0, unavailable: 7, refundRefusals: 0 }],
    ['tok_refund_fails', { delayMs: 0, unavailable: 0, refundRefusals: 2 }],
    ['tok_refund_fails_1', { delayMs: 0, unavailable: 0, refundRefusals: 1 }],
    ['tok_refused', { delayMs: 0, unavailable: 0, refundRefusals: 0, chargeRefusedWith: 400 }],
    ['tok_refused_422', { delayMs: 0, unavailable: 0, refundRefusals: 0, chargeRefusedWith: 422 }],
    ['tok_refund_refused_451', { delayMs: 0, unavailable: 0, refundRefusals: 0, refundRefusedWith: 451 }],
  ])('%s', (token, behaviour) => {
    expect(behaviourOf(token)).toEqual(behaviour);
  });

  it('declines the declined card', () => {
    expect(behaviourOf('tok_declined').declined?.code).toBe('card_declined');
  });

  it.each([
    '',
    'tok',
    'tok_',
    'tok_slow_',
    'tok_slow_1s',
    'tok_slow_99999999',
    'tok_constructor',
    'tok_ok_1',
    'tok_refused_200',
    'tok_refused_500',
    'tok_refund_refused_399',
    ' tok_ok',
  ])('does not know %j', (token) => {
    expect(behaviourOf(token).declined?.code).toBe('invalid_token');
  });
});
