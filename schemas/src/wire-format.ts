/** The Confluent wire format: a magic byte, the schema id in 4 bytes (big-endian), the Avro body. */
const MAGIC = 0;
export const HEADER_BYTES = 5;

export function writeHeader(message: Buffer, schemaId: number): void {
  message[0] = MAGIC;
  message.writeUInt32BE(schemaId, 1);
}

/** Undefined for what cannot be a message in this format. */
export const schemaIdOf = (message: Buffer): number | undefined =>
  message.length > HEADER_BYTES && message[0] === MAGIC ? message.readUInt32BE(1) : undefined;

/** Why `schemaIdOf` found none. */
export function whyNotConfluent(message: Buffer): string {
  if (message.length <= HEADER_BYTES) return `The message has ${message.length} bytes, too few for the wire format.`;
  return `The message begins with 0x${message.toString('hex', 0, 1)} instead of the magic byte 0x00.`;
}
