import { describe, expect, it } from '@jest/globals';
import { databaseFailure } from '../../src/postgres/database-failure.ts';
import { Retryable, Terminal } from '../../src/rules/failure.ts';

const said = (message: string, over: object): Error => Object.assign(new Error(message), over);
const kindOf = (error: unknown) => {
  const { name, code } = databaseFailure(error);
  return [name, code];
};

describe('a failure of the database', () => {
  it.each([
    ['a value that is too long', '22001'],
    ['a text with NUL', '22021'],
    ['a second charge for one order', '23505'],
    ['a count below zero', '23514'],
    ['a time that PostgreSQL does not have', '22008'],
    ['an index row that is too large', '54000'],
    ['two of a batch that are one row', '21000'],
  ])('is for good when the data is wrong: %s (%s)', (_, code) => {
    expect(kindOf(said('no', { code }))).toEqual(['Terminal', `SQLSTATE_${code}`]);
  });

  it.each([
    ['a deadlock', '40P01'],
    ['a snapshot that is too old', '40001'],
    ['a backend that was ended', '57P01'],
    ['a server that starts', '57P03'],
    ['too many connections', '53300'],
    ['a disk that is full', '53100'],
    ['a table that the next deployment brings', '42P01'],
    ['a server that only reads, after a failover', '25006'],
  ])('passes when the moment is wrong: %s (%s)', (_, code) => {
    expect(kindOf(said('no', { code }))).toEqual(['Retryable', `SQLSTATE_${code}`]);
  });

  it('is known by its SQLSTATE, whatever its message says, in whatever language', () => {
    expect(kindOf(said('deadlock detected, please try again', { code: '22001' }))[0]).toBe('Terminal');
    expect(
      kindOf(said('Verklemmung entdeckt: duplicate key value violates unique constraint', { code: '40P01' }))[0],
    ).toBe('Retryable');
  });

  it('is known in whatever Prisma and its adapter have wrapped it', () => {
    const driver = { name: 'DriverAdapterError', cause: { originalCode: '40001', kind: 'postgres' } };
    const wrapped = said('Transaction failed', { code: 'P2010', meta: { driverAdapterError: driver } });
    expect(kindOf(wrapped)).toEqual(['Retryable', 'SQLSTATE_40001']);
  });

  it('passes when the connection broke and nothing is known of it', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'P1001', 'P2028', undefined]) {
      expect(kindOf(said('Connection terminated unexpectedly', { code }))).toEqual(['Retryable', 'DATABASE_AWAY']);
    }
  });

  it('is for good when our own code made it', () => {
    expect(kindOf(new TypeError('x is not a function'))).toEqual(['Terminal', 'CODE_THREW']);
  });

  it('stays what it was called by who knew more', () => {
    const [terminal, retryable] = [new Terminal('A', 'a'), new Retryable('B', 'b')];
    expect([databaseFailure(terminal), databaseFailure(retryable)]).toEqual([terminal, retryable]);
  });
});
