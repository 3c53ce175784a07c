import { describe, expect, it } from '@jest/globals';
import { HttpProblem } from '../../src/http/answer/problem.ts';
import { validated } from '../../src/http/input/validation.ts';
import { replayBody, requireReplayable, selectionOf } from '../../src/operations/dead-letters/replay-request.ts';
import { DomainError } from '../../src/rules/failure.ts';
import type { Candidate } from '../../src/tables/dead-letters/replays.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => `019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2${digit}`) as [
  string,
  string,
  string,
];

function problemWith(body: unknown): HttpProblem {
  try {
    validated({ body: replayBody }, { params: {}, query: {}, body });
  } catch (error) {
    if (error instanceof HttpProblem) return error;
  }
  throw new Error('the body was accepted');
}

function refusalOf(body: unknown, found: readonly Candidate[]): DomainError {
  try {
    requireReplayable(replayBody.parse(body), found);
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('the dead letters were accepted');
}
const dead = (id: string): Candidate => ({ id, status: 'DEAD', replay_id: null, key: 'k 1' });

describe('a request to replay', () => {
  it.each([
    [{}, 'body', /either ids or a filter/],
    [{ ids: [A], filter: { topic: 't' } }, '/filter', /one of the two/],
    [{ filter: {} }, '/filter', /\{"status":"DEAD"\}/],
    [{ ids: [] }, '/ids', /at least 1/],
    [{ ids: ['x'] }, '/ids/0', /UUID/],
    [{ ids: [A], limit: 5 }, '/limit', /filter/],
    [{ filter: { status: 'QUARANTINED' } }, '/filter/status', /includeQuarantined/],
    [{ filter: { status: 'HANDLED' } }, '/filter/status', /DEAD/],
    [{ filter: { topic: 't' }, limit: 10_001 }, '/limit', /10000/],
    [{ ids: [A], ratePerSecond: 0 }, '/ratePerSecond', /at least 1/],
    [{ ids: [A], ratePerSecond: 1_001 }, '/ratePerSecond', /at most 1000/],
    [{ filter: { receivedBefore: 'yesterday' } }, '/filter/receivedBefore', /RFC 3339/],
  ])('%j is refused: the field is named, and what to do', (body, field, message) => {
    const { status, faults } = problemWith(body);
    expect(status).toBe(422);
    expect(faults).toEqual([{ field, message: expect.stringMatching(message) }]);
  });

  it('means each dead letter once, and by a filter at most a thousand that are DEAD', () => {
    expect(selectionOf(replayBody.parse({ ids: [A, B, A.toUpperCase()] }))).toEqual({ ids: [A, B] });
    expect(selectionOf(replayBody.parse({ filter: { topic: 't' } }))).toEqual({
      filter: { topic: 't', statuses: ['DEAD'] },
      limit: 1_000,
    });
  });

  it('means those in quarantine only when it says so', () => {
    const statuses = (body: unknown) => {
      const selection = selectionOf(replayBody.parse(body));
      return 'filter' in selection ? selection.filter.statuses : [];
    };
    const includeQuarantined = true;
    expect(statuses({ filter: { code: 'X' }, includeQuarantined })).toEqual(['DEAD', 'QUARANTINED']);
    expect(statuses({ filter: { status: 'QUARANTINED' }, includeQuarantined })).toEqual(['QUARANTINED']);
    expect(statuses({ filter: { status: 'DEAD' }, includeQuarantined })).toEqual(['DEAD']);
  });

  it('names the dead letters that are not known', () => {
    const error = refusalOf({ ids: [A, B, C] }, [dead(B)]);
    expect(error).toMatchObject({ status: 404, code: 'DEAD_LETTER_NOT_FOUND' });
    expect(error.message).toContain(A);
    expect(error.faults.map(({ field }) => field)).toEqual(['/ids/0', '/ids/2']);
  });

  it.each([
    ['HANDLED', 'DEAD_LETTER_HANDLED'],
    ['DISCARDED', 'DEAD_LETTER_DISCARDED'],
    ['PARKED', 'DEAD_LETTER_PARKED'],
    ['QUARANTINED', 'DEAD_LETTER_QUARANTINED'],
  ] as const)('has a code of its own for a dead letter that is %s', (status, code) => {
    const error = refusalOf({ ids: [A, B] }, [dead(A), { id: B, status, replay_id: null, key: 'k 1' }]);
    expect(error).toMatchObject({ status: 409, code });
    expect(error.faults).toEqual([{ field: '/ids/1', message: expect.stringContaining(code) }]);
    if (status === 'PARKED') expect(error.message).toContain('GET /dead-letters?key=k%201');
  });

  it('names the replay that a dead letter is in', () => {
    const error = refusalOf({ ids: [A] }, [{ id: A, status: 'DEAD', replay_id: C, key: null }]);
    expect(error).toMatchObject({ status: 409, code: 'REPLAY_RUNNING' });
    expect(error.message).toContain(`/dead-letters/replays/${C}`);
  });

  it('takes one out of quarantine when it says so', () => {
    const found: readonly Candidate[] = [{ id: A, status: 'QUARANTINED', replay_id: null, key: 'k 1' }];
    expect(() => requireReplayable(replayBody.parse({ ids: [A], includeQuarantined: true }), found)).not.toThrow();
  });
});
