/**
 * A text that is the same for values that no rule can tell apart. Keys are sorted, and a moment is only a moment: see
 * moments.ts for why its value does not matter.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  if (value instanceof Date) return '@';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const known = entries
    .filter(([, of]) => of !== undefined)
    .map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`);
  return `{${known.sort().join(',')}}`;
}
