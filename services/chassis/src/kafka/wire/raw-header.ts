/** A header as it is on the wire. */
export interface RawHeader {
  readonly name: Buffer;
  readonly value: Buffer | null;
}
