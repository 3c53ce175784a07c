import { z } from 'zod';

/** What an operator reads about a setting when its value cannot be used. */
interface About {
  /** Completes "It is …": `the TCP port that the service listens on`. */
  readonly is: string;
  readonly example: string;
  /** The value holds a password: it is never printed, not even a part of it. */
  readonly secret?: boolean;
}

type Setting<T> = z.ZodType<T, string>;

const settings = z.registry<About>();

/** Settings for `readConfig`. Without `.default(…)` or `.optional()` the variable is required. */
export const setting = {
  wholeNumber(about: About & { readonly min: number; readonly max: number }): Setting<number> {
    const { min, max } = about;
    return parsed(about, `must be a whole number from ${min} to ${max}`, (text) => {
      const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    });
  },

  number(about: About & { readonly min: number; readonly max: number }): Setting<number> {
    const { min, max } = about;
    return parsed(about, `must be a number from ${min} to ${max}`, (text) => {
      const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    });
  },

  /** Milliseconds, at least `min`; `unlimited` is Infinity. */
  retentionMs(about: About & { readonly min: number }): Setting<number> {
    const expected = `must be a whole number of milliseconds, at least ${about.min}, or unlimited`;
    return parsed(about, expected, (text) => {
      if (text === 'unlimited') return Number.POSITIVE_INFINITY;
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= about.min ? value : undefined;
    });
  },

  /** Schemes without the colon: `['http', 'https']`. A trailing slash is dropped, so that paths can be appended. */
  url(about: About & { readonly schemes: readonly string[] }): Setting<string> {
    const expected = `must be a URL that starts with ${about.schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
    return parsed(about, expected, (text) => {
      const scheme = about.schemes.find((candidate) => text.startsWith(`${candidate}://`));
      return scheme !== undefined && URL.canParse(text) ? text.replace(/\/+$/, '') : undefined;
    });
  },

  oneOf<const Value extends string>(values: readonly Value[], about: About): Setting<Value> {
    return parsed(about, `must be one of ${values.join(', ')}`, (text) => values.find((value) => value === text));
  },

  /** `expected` completes the variable's name: `must be letters, digits, dots and dashes`. */
  text(about: About & { readonly pattern: RegExp; readonly expected: string }): Setting<string> {
    return parsed(about, about.expected, (text) => (about.pattern.test(text) ? text : undefined));
  },

  /** Comma-separated; entries are trimmed. `expected` as for `text`; `pattern` is of one entry. */
  list(about: About & { readonly pattern: RegExp; readonly expected: string }): Setting<readonly string[]> {
    return parsed(about, about.expected, (text) => {
      const entries = text.split(',').map((entry) => entry.trim());
      return entries.every((entry) => about.pattern.test(entry)) ? Object.freeze(entries) : undefined;
    });
  },
};

/** What was said about a setting, also through `.default()` and `.optional()`. */
export function aboutSetting(schema: z.ZodType): About | undefined {
  const about = settings.get(schema);
  if (about !== undefined) return about;
  const inner = (schema.def as { readonly innerType?: z.ZodType }).innerType;
  return inner === undefined ? undefined : aboutSetting(inner);
}

function parsed<T>(about: About, expected: string, parse: (text: string) => T | undefined): Setting<T> {
  const schema = z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: expected, input: text });
    return z.NEVER;
  });
  return schema.register(settings, about);
}
