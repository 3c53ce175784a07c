/** What the list can be filtered by: the names in the address, and those of `GET /api/sagas`. */
export const FILTER_NAMES = [
  'q',
  'state',
  'outcome',
  'back',
  'cause',
  'service',
  'style',
  'since',
  'older',
  'total',
  'sku',
  'customer',
] as const;

export type FilterName = (typeof FILTER_NAMES)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

/** Parameters that are no filter (`group`) are left out, and so are empty ones. */
export function filtersOf(query: URLSearchParams): Filters {
  const entries = FILTER_NAMES.flatMap((name) => {
    const value = query.get(name)?.trim();
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** The same filters always give the same text, whatever order they were chosen in: it is a key, and an address. */
export function queryOf(filters: Filters): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const value = filters[name];
    if (value) query.set(name, value);
  }
  return query;
}

/** Those that stand as chips: what is searched for stands in its field. */
export const chipsOf = (filters: Filters): readonly (readonly [FilterName, string])[] =>
  FILTER_NAMES.flatMap((name) => {
    const value = filters[name];
    return name === 'q' || value === undefined ? [] : [[name, value] as const];
  });

/** Taking all away: the change that `useQuery` understands. */
export const NO_FILTERS: Readonly<Record<FilterName, null>> = Object.fromEntries(
  FILTER_NAMES.map((name) => [name, null]),
) as Record<FilterName, null>;

/** "stuck saga at shipping older than 30 s": what the filters ask for, after "No". */
export function filterWords(filters: Filters): string {
  const before = [stateWord(filters), filters.back && 'turning back', filters.style];
  const after = [
    filters.service && `at ${filters.service}`,
    filters.cause && `with the cause ${filters.cause}`,
    filters.older && `older than ${spanWords(filters.older)}`,
    filters.since && `of the last ${spanWords(filters.since)}`,
    filters.total && `of ${filters.total.replace('..', ' to ')}`,
    filters.sku && `with ${filters.sku}`,
    filters.customer && `of ${filters.customer}`,
    filters.q && `that “${filters.q}” finds`,
  ];
  return [...before, 'saga', ...after].filter(Boolean).join(' ');
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  stuck: 'stuck',
  attention: 'waiting',
  running: 'moving',
  done: 'ended',
};

const stateWord = ({ state, outcome }: Filters): string | undefined =>
  outcome ??
  state
    ?.split(',')
    .map((one) => STATE_WORDS[one] ?? one)
    .join(' or ');

/** `30s` as `30 s` */
const spanWords = (span: string): string =>
  span.replace(/^(\d+)([smhd])$/, (_, figure, unit) => `${figure} ${LONG[unit] ?? unit}`);
const LONG: Readonly<Record<string, string>> = { s: 's', m: 'min', h: 'h', d: 'd' };
