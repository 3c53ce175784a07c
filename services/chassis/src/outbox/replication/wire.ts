import type { Lsn } from './lsn.ts';

/** What the server sends on a replication stream: https://www.postgresql.org/docs/current/protocol-replication.html */
export type ServerMessage = { readonly kind: 'data'; readonly payload: Buffer } | Keepalive;

export interface Keepalive {
  readonly kind: 'keepalive';
  readonly walEnd: Lsn;
  readonly replyRequested: boolean;
}

const DATA = 0x77;
const DATA_HEADER = 25;
const KEEPALIVE = 0x6b;
const STATUS = 0x72;
const STATUS_SIZE = 34;
/** Milliseconds from 1970 to 2000, where PostgreSQL's time begins. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

/** @throws Error on a message that the protocol does not have. */
export function readServerMessage(chunk: Buffer): ServerMessage {
  if (chunk[0] === DATA) return { kind: 'data', payload: chunk.subarray(DATA_HEADER) };
  if (chunk[0] === KEEPALIVE) {
    return { kind: 'keepalive', walEnd: chunk.readBigUInt64BE(1), replyRequested: chunk[17] === 1 };
  }
  throw new Error(`PostgreSQL sent a replication message of an unknown kind (${chunk[0]}).`);
}

/**
 * A standby status update: what commits at or before `confirmed` is never sent again. (pg-logical-replication adds 1,
 * and so skips a transaction whose commit record begins exactly there, as the next one does under load.)
 */
export function statusUpdate(received: Lsn, confirmed: Lsn, requestReply: boolean): Buffer {
  const update = Buffer.allocUnsafe(STATUS_SIZE);
  update[0] = STATUS;
  update.writeBigUInt64BE(received, 1);
  update.writeBigUInt64BE(confirmed, 9);
  update.writeBigUInt64BE(confirmed, 17);
  update.writeBigUInt64BE(BigInt(Date.now() - POSTGRES_EPOCH_MS) * 1000n, 25);
  update[33] = requestReply ? 1 : 0;
  return update;
}
