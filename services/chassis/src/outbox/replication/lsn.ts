/** A position in PostgreSQL's write-ahead log, in bytes. */
export type Lsn = bigint;

export const NO_LSN: Lsn = 0n;

export function parseLsn(text: string): Lsn {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
