import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Lsn, parseLsn } from '../../src/outbox/replication/lsn.ts';
import { readServerMessage, statusUpdate } from '../../src/outbox/replication/wire.ts';

const formatLsn = (lsn: Lsn): string =>
  `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();

describe('positions of the write-ahead log', () => {
  it('are read as PostgreSQL writes them', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374d848n);
    expect(parseLsn('00000000/0195F3C8')).toBe(0x195f3c8n);
    expect(formatLsn(0x16_b374d848n)).toBe('16/B374D848');
  });

  it('are the same after writing and reading', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n }), (lsn) => parseLsn(formatLsn(lsn)) === lsn));
  });
});

describe('the replication protocol', () => {
  it('acknowledges exactly the position that is confirmed, not one byte more', () => {
    const update = statusUpdate(200n, 100n, false);
    expect(update).toHaveLength(34);
    expect(update.toString('latin1', 0, 1)).toBe('r');
    expect([1, 9, 17].map((at) => update.readBigUInt64BE(at))).toEqual([200n, 100n, 100n]);
    expect(update[33]).toBe(0);
    expect(statusUpdate(200n, 100n, true)[33]).toBe(1);
  });

  it('tells the time since 2000 in microseconds', () => {
    const micros = statusUpdate(0n, 0n, false).readBigUInt64BE(25);
    expect(Math.abs(Number(micros / 1000n) + Date.UTC(2000, 0, 1) - Date.now())).toBeLessThan(1_000);
  });

  it('reads data and keepalives', () => {
    const data = Buffer.concat([Buffer.from('w'), Buffer.alloc(24), Buffer.from('payload')]);
    expect(readServerMessage(data)).toEqual({ kind: 'data', payload: Buffer.from('payload') });
    const keepalive = Buffer.alloc(18);
    keepalive.write('k');
    keepalive.writeBigUInt64BE(77n, 1);
    keepalive[17] = 1;
    expect(readServerMessage(keepalive)).toEqual({ kind: 'keepalive', walEnd: 77n, replyRequested: true });
    keepalive[17] = 0;
    expect(readServerMessage(keepalive)).toMatchObject({ replyRequested: false });
  });

  it('refuses what the protocol does not have', () => {
    expect(() => readServerMessage(Buffer.from('x'))).toThrow('unknown kind (120)');
  });
});
