const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 };
export type Style = keyof typeof CODES;

/** Puts text into colour, or leaves it as it is. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

/** Never colours. */
export const plain: Paint = (text) => text;

/** Always colours. */
export const coloured: Paint = (text, ...styles) =>
  styles.length === 0 || text === '' ? text : `\x1b[${styles.map((style) => CODES[style]).join(';')}m${text}\x1b[0m`;

/** Colours for a terminal; none elsewhere, nor when NO_COLOR is set (https://no-color.org) or the terminal is dumb. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb' ? coloured : plain;
}
