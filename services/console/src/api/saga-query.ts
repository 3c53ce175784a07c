import { isId, text } from '@troupe/chassis';
import { z } from 'zod';

/** `90s`, `15m`, `1h`, `7d`, or a moment. Comes out as milliseconds since 1970. */
const ago = (now: () => number) =>
  z.string().transform((said, context) => {
    const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(said) ?? [];
    const moment = count === undefined ? Date.parse(said) : now() - Number(count) * (UNITS[unit ?? ''] ?? 0);
    if (Number.isFinite(moment)) return Math.max(moment, 0);
    context.addIssue({ code: 'custom', message: 'must be a time such as 90s, 15m, 1h or 7d, or a moment in ISO 8601' });
    return z.NEVER;
  });

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `20..2000`, `..50`, `100..`: units of the currency. Comes out in minor units. */
const total = z.string().transform((said, context) => {
  const [, from, to] = /^(\d{0,9}(?:\.\d{1,2})?)\.\.(\d{0,9}(?:\.\d{1,2})?)$/.exec(said) ?? [];
  if (from !== undefined && to !== undefined && from + to !== '') {
    return { from: from === '' ? 0 : minor(from), to: to === '' ? Number.MAX_SAFE_INTEGER : minor(to) };
  }
  context.addIssue({
    code: 'custom',
    message: 'must be two amounts with two dots between them, such as 20..2000 or 100..',
  });
  return z.NEVER;
});

const minor = (amount: string): number => Math.round(Number(amount) * 100);

const STATES = ['running', 'done', 'stuck', 'attention'] as const;
const states = z.string().transform((said, context) => {
  const wanted = said.split(',');
  const known = STATES.filter((state) => wanted.includes(state));
  if (known.length === wanted.length) return known;
  context.addIssue({
    code: 'custom',
    message: `must be one or more of ${STATES.join(', ')}, with commas between them`,
  });
  return z.NEVER;
});

const MOST_IDS = 500;
const ids = z.string().transform((said, context) => {
  const wanted = said.toLowerCase().split(',');
  if (wanted.length <= MOST_IDS && wanted.every((one) => isId(one))) return wanted;
  context.addIssue({ code: 'custom', message: `must be at most ${MOST_IDS} ids of orders, with commas between them` });
  return z.NEVER;
});

/** The filters of a list of sagas, as its address has them. An empty one counts as none. */
export const sagaQuery = (now: () => number) => ({
  ids: given(ids),
  state: given(states),
  outcome: given(z.enum(['confirmed', 'cancelled'])),
  back: given(z.literal('1').transform(() => true)),
  cause: given(text(200)),
  service: given(text(64)),
  style: given(z.enum(['choreographed', 'orchestrated'])),
  q: given(text(200)),
  sku: given(text(100)),
  customer: given(text(100)),
  since: given(ago(now)),
  older: given(ago(now)),
  total: given(total),
});

const given = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((said) => (said === '' ? undefined : said), schema.optional());
