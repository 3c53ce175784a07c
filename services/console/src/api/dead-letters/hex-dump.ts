const IN_A_LINE = 8;
/** Enough for a person; the service has the rest. */
const MOST_BYTES = 4_096;

/** `0000  00 00 00 00 03 48 30 31  .....H01`, a line for eight bytes. */
export function hexDump(bytes: Buffer): string {
  const shown = bytes.subarray(0, MOST_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += IN_A_LINE) {
    const line = shown.subarray(at, at + IN_A_LINE);
    const hex = [...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = [...line].map((byte) => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(4, '0')}  ${hex.padEnd(IN_A_LINE * 3 - 1)}  ${text}`);
  }
  if (bytes.length > MOST_BYTES) lines.push(`… ${bytes.length - MOST_BYTES} more bytes`);
  return lines.join('\n');
}
