import { money } from '../../parts/words/amount.ts';
import { shortened } from './short-ids.ts';

export interface PayloadLine {
  readonly depth: number;
  readonly name: string;
  readonly value: string;
  readonly kind: 'text' | 'value' | 'group';
  /** In words: money. */
  readonly words: string;
  /** The whole value, where it is shown shortened. */
  readonly whole: string | null;
}

const AMOUNTS = /(amount|price|total|refunded|charged)$/i;
const MOST_LINES = 200;

/** A payload as lines of text. Untrusted: it is never anything but text. */
export function payloadLines(payload: Readonly<Record<string, unknown>>): readonly PayloadLine[] {
  const lines: PayloadLine[] = [];
  const currency = typeof payload.currency === 'string' ? payload.currency : null;
  const visit = (name: string, value: unknown, depth: number): void => {
    if (lines.length >= MOST_LINES) {
      return;
    }
    if (Array.isArray(value)) {
      lines.push({
        depth,
        name,
        value: `${value.length} ${value.length === 1 ? 'line' : 'lines'}`,
        kind: 'group',
        words: '',
        whole: null,
      });
      for (const item of value) {
        if (typeof item === 'object' && item !== null) {
          visitAll(item as Record<string, unknown>, depth + 1);
        } else {
          visit('–', item, depth + 1);
        }
      }
    } else if (typeof value === 'object' && value !== null) {
      lines.push({ depth, name, value: '', kind: 'group', words: '', whole: null });
      visitAll(value as Record<string, unknown>, depth + 1);
    } else {
      const isMoney = typeof value === 'number' && Number.isInteger(value) && currency !== null && AMOUNTS.test(name);
      lines.push({
        depth,
        name,
        value: typeof value === 'string' ? `"${shortened(value)}"` : String(value),
        kind: typeof value === 'string' ? 'text' : 'value',
        words: isMoney ? money({ amount: value, currency }) : '',
        whole: typeof value === 'string' && shortened(value) !== value ? value : null,
      });
    }
  };
  const visitAll = (group: Readonly<Record<string, unknown>>, depth: number): void => {
    for (const [name, value] of Object.entries(group)) {
      visit(name, value, depth);
    }
  };
  visitAll(payload, 0);
  return lines;
}
