import { type ParseArgsConfig, parseArgs } from 'node:util';
import { StartError } from '@troupe/embedded';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<Asked extends Options> = ReturnType<typeof parseArgs<{ options: Asked; strict: true }>>['values'];

/** The options of a command. `--help` prints `usage` and ends the process; an option that is not known is a StartError. */
export function readOptions<const Asked extends Options>(usage: string, asked: Asked): Values<Asked> {
  return parsed(usage, () => parseArgs({ options: asked, strict: true }).values);
}

/** The options of a command that takes words as well, and those words. */
export function readOptionsAndWords<const Asked extends Options>(
  usage: string,
  asked: Asked,
): { readonly options: Values<Asked>; readonly words: readonly string[] } {
  return parsed(usage, () => {
    const { values, positionals: words } = parseArgs({ options: asked, strict: true, allowPositionals: true });
    return { options: values, words };
  });
}

function parsed<Result>(usage: string, parse: () => Result): Result {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    // Node adds advice on how to pass a file that is named like an option; no command here takes files.
    const [fault = ''] = (error as Error).message.split('. ');
    throw new StartError([`${fault}.\n\n${usage}`]);
  }
}

/** One of these words; throws a StartError that names the option. */
export function oneOf<const Word extends string>(option: string, words: readonly Word[], text: string): Word {
  const word = words.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  throw new StartError([`--${option} is ${JSON.stringify(text)}: give one of ${words.join(', ')}.`]);
}

/** Words that are separated by commas, each one of these; none of an empty text. */
export function someOf<const Word extends string>(option: string, words: readonly Word[], text: string): Word[] {
  const given = text.split(',').filter((word) => word !== '');
  return given.map((word) => oneOf(option, words, word));
}

/** A number of at least `least`, or above 0 by default; throws a StartError that names the option. */
export function numberOf(option: string, text: string, least?: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && (least === undefined ? value > 0 : value >= least)) return value;
  const range = least === undefined ? 'above 0' : `of at least ${least}`;
  throw new StartError([`--${option} is ${JSON.stringify(text)}: give a number ${range}.`]);
}

/** A whole number of at least 1; throws a StartError that names the option. */
export function countOf(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new StartError([`--${option} is ${JSON.stringify(text)}: give a whole number of at least 1.`]);
}
