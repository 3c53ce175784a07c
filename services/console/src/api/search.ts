import { get, type Route, text } from '@troupe/chassis';
import { z } from 'zod';
import type { SagaRow } from '../contract/saga.ts';
import type { SearchHit, SearchView } from '../contract/search.ts';
import { sagaOfEvent } from '../store/find-record.ts';
import { type SagaFilter, type Sought, soughtBy } from '../store/saga-filter.ts';
import { described } from './described.ts';
import { type SagaListParts, sagaPage } from './saga-list.ts';

const SHOWN = 5;

/** `GET /api/search`: what a text is, and where it leads. */
export const searchRoute = (parts: SagaListParts): Route<never> =>
  get('/api/search', {
    summary: 'What a text is (an order, an event, a trace, a customer, a SKU), and where it leads',
    query: z.object({ q: text(200) }),
    response: described('SearchView'),
    async handle({ query: { q } }) {
      const sought = await soughtBy(q.trim(), (id) => sagaOfEvent(parts.sql, id));
      const body: SearchView = { q, hits: await hitsOf(parts, sought) };
      return { status: 200, body };
    },
  });

async function hitsOf(parts: SagaListParts, sought: Sought): Promise<readonly SearchHit[]> {
  const [byId, ofCustomer, withSku] = await Promise.all([
    found(parts, { q: { ...sought, word: undefined } }, sought),
    found(parts, { q: { text: sought.text, orderIds: [], word: sought.word } }, sought),
    found(parts, { sku: sought.word?.toUpperCase() }, sought),
  ]);
  return [
    ...byId.items.map((saga) => sagaHit(saga, sought)),
    ...(byId.total > SHOWN
      ? [sagasHit('sagas', `${byId.total} sagas with ${sought.text} in their id`, { q: sought.text })]
      : []),
    ...customerHits(ofCustomer.items, sought),
    ...(withSku.total > 0 && sought.word !== undefined
      ? [
          sagasHit('sku', `${howMany(withSku.total)} with ${sought.word.toUpperCase()}`, {
            sku: sought.word.toUpperCase(),
          }),
        ]
      : []),
  ];
}

const NOTHING = { items: [], total: 0 } as const;

/** Nothing where the text cannot mean what the filter asks for: a filter that asks for nothing would find everything. */
async function found(
  parts: SagaListParts,
  filter: SagaFilter,
  { text: whole }: Sought,
): Promise<{ readonly items: readonly SagaRow[]; readonly total: number }> {
  const { q, sku } = filter;
  const meant = q === undefined ? sku : q.orderIds.length > 0 || (q.range ?? q.end ?? q.traceId ?? q.word);
  if (!meant || whole === '') return NOTHING;
  return sagaPage(parts, filter, { after: undefined, limit: SHOWN });
}

function sagaHit(saga: SagaRow, { text: whole, orderIds, traceId }: Sought): SearchHit {
  const { orderId } = saga;
  if (traceId !== undefined) {
    return { kind: 'trace', label: `The trace of saga …${tail(orderId)}`, href: `/sagas/${orderId}?view=trace`, saga };
  }
  if (orderIds.length > 1 && orderId !== whole.toLowerCase()) {
    const event = whole.toLowerCase();
    return {
      kind: 'event',
      label: `An event of saga …${tail(orderId)}`,
      href: `/sagas/${orderId}?event=${event}`,
      saga,
    };
  }
  return { kind: 'saga', label: `Saga …${tail(orderId)}`, href: `/sagas/${orderId}`, saga };
}

function customerHits(sagas: readonly SagaRow[], { word = '' }: Sought): readonly SearchHit[] {
  const customers = [...new Set(sagas.flatMap(({ customerId }) => (customerId?.startsWith(word) ? customerId : [])))];
  return customers.map((customer) => sagasHit('customer', `Sagas of customer ${customer}`, { customer }));
}

function sagasHit(kind: SearchHit['kind'], label: string, query: Readonly<Record<string, string>>): SearchHit {
  return { kind, label, href: `/sagas?${new URLSearchParams(query)}`, saga: null };
}

const howMany = (count: number): string => (count === 1 ? '1 saga' : `${count.toLocaleString('en-US')} sagas`);
const tail = (orderId: string): string => orderId.slice(-8);
