import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AnswerKind, answerKind, jsonAnswer } from '../../src/ports/json-answer.ts';
import { Retryable } from '../../src/rules/failure.ts';
import { Refused } from '../../src/rules/refused.ts';

/** Every status that HTTP has a name for, and what it is of a request that changes something. */
const TABLE: readonly (readonly [AnswerKind, readonly number[]])[] = [
  ['accepted', [200, 201, 202, 203, 204, 206, 299]],
  ['refused', [400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422]],
  ['refused', [423, 424, 426, 428, 431, 451, 499]],
  // About this moment: a time-out, too early, too many.
  ['none', [408, 425, 429]],
  ['none', [500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599]],
  // Redirects are not followed, and the rest is no final answer.
  ['none', [0, 100, 101, 103, 199, 300, 301, 302, 303, 304, 307, 308, 399, 600, 999]],
];

describe('an answer over HTTP', () => {
  it.each(TABLE.flatMap(([kind, statuses]) => statuses.map((status) => [status, kind] as const)))(
    'of %i is %s',
    (status, kind) => {
      expect(answerKind(status)).toBe(kind);
    },
  );

  it('is of one kind, whatever is in it: a refusal is a refusal also without JSON', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), fc.option(fc.jsonValue(), { nil: undefined }), (status, body) => {
        const kind = answerKind(status);
        const isClear = kind === 'accepted' && body !== undefined;
        const answered = () => jsonAnswer('provider', status, body);
        if (kind === 'refused') expect(answered()).toBeInstanceOf(Refused);
        else if (isClear) expect(answered()).toMatchObject({ status });
        else expect(answered).toThrow(Retryable);
      }),
    );
  });
});

describe('a refusal', () => {
  it('has the cause of the other side, as payment providers give it or as problem details', () => {
    const error = { code: 'invalid_request', message: 'The token is too long.' };
    const cause = { code: 'invalid_request', detail: 'The token is too long.', status: 400 };
    expect(jsonAnswer('provider', 400, { error })).toMatchObject(cause);
    expect(jsonAnswer('provider', 400, { code: error.code, detail: error.message })).toMatchObject(cause);
  });

  it('says so when no cause is given', () => {
    const none = { code: 'HTTP_403', detail: 'The provider gave no reason.' };
    expect(jsonAnswer('provider', 403, undefined)).toMatchObject(none);
    expect(jsonAnswer('provider', 403, { error: 'no' })).toMatchObject(none);
  });

  it('is one storable line of 200 characters at most, none of them cut in two', () => {
    const { detail } = jsonAnswer('provider', 422, {
      error: { message: `a\u0000\n${'😀'.repeat(300)}` },
    }) as Refused;
    expect(detail).toBe(`a  ${'😀'.repeat(197)}`);
  });

  it.each(['IDEMPOTENCY_KEY_IN_USE', 'idempotency_key_in_use'])(
    'is none where the request is still being worked on: %s',
    (code) => {
      for (const body of [{ code }, { error: { code } }]) {
        expect(() => jsonAnswer('payment service', 409, body)).toThrow(/409 IDEMPOTENCY_KEY_IN_USE|409 idempotency/);
      }
    },
  );
});

describe('what is accepted and does not say what it must', () => {
  it.each([
    ['a NUL', 'ch_\u0000'],
    ['half a character', 'ch_\ud800'],
    ['more than any index holds', 'x'.repeat(501)],
    ['nothing', ''],
  ])('has no text where there is %s: it cannot be stored', (_, id) => {
    const answer = jsonAnswer('carrier', 201, { id });
    if (answer instanceof Refused) throw new Error('It is accepted.');
    expect(answer.text('id')).toBeUndefined();
  });

  it('has any other text, of 500 characters at most', () => {
    const answer = jsonAnswer('carrier', 201, { id: '😀'.repeat(500) });
    if (answer instanceof Refused) throw new Error('It is accepted.');
    expect(answer.text('id')).toBe('😀'.repeat(500));
  });

  it('is no answer, and tells what was there instead', () => {
    const answer = jsonAnswer('carrier', 201, { ok: true });
    if (answer instanceof Refused) throw new Error('It is accepted.');
    expect(answer.unclear()).toMatchObject({
      code: 'NO_ANSWER',
      message: 'The carrier answered 201, and not what was asked for: {"ok":true}',
    });
    expect(() => jsonAnswer('carrier', 200, undefined)).toThrow(/gave no answer that can be read: 200, and no JSON/);
  });
});
