import type { Asking } from '../../asking/asking.ts';
import { sagaOf } from '../../asking/lines.ts';
import { servicePage } from '../../asking/service-page.ts';
import type { AskedService } from '../../asking/services.ts';
import type { AttentionGroup, AttentionItem, AttentionView, OperatorActView } from '../../contract/work.ts';
import { operatorActs } from '../dead-letters/lists.ts';
import type { ListPage } from '../dead-letters/pages.ts';
import { type SagaRowsParts, sagaRows } from '../saga-rows.ts';
import { personItems } from './persons.ts';
import { refusedItems } from './refused.ts';
import { type SagaLogPage, sagaItems } from './sagas.ts';

/** A fault that somebody has switched on in the lab. */
export interface SwitchedOn {
  readonly title: string;
  readonly service: string | null;
  readonly since: string;
}

export interface AttentionParts extends SagaRowsParts {
  readonly asking: Asking;
  /** The service that orchestrates sagas; undefined: none does. */
  readonly orchestrator: AskedService | undefined;
  readonly lab?: () => Promise<readonly SwitchedOn[]>;
  readonly labActs?: () => Promise<readonly OperatorActView[]>;
}

const SENTENCES: Readonly<Record<AttentionGroup['kind'], string>> = {
  approval:
    'The amount is above the limit, and a person has to decide. Without a decision, payment lets it fail when its time is over.',
  refund:
    'The provider does not give the money back, and nobody tries any more. The order stays open until somebody settles it.',
  cancellation:
    'The carrier does not take the shipment back, and nobody tries any more. The order stays open until somebody settles it.',
  saga: 'An orchestrated saga could not undo a step. It is not tried again by itself: the saga and its order wait for a person.',
  'refused record':
    'The broker refuses these records for good. Later events of the same order wait behind them, and nobody hears of them.',
  lab: 'Somebody has switched this fault on. It stays until it is switched off.',
};

/** What waits for a person, by what it is: each with what can be done about it. */
export async function attentionView(parts: AttentionParts): Promise<AttentionView> {
  const services = parts.asking.services.map(({ service }) => service);
  const [{ acts, gaps }, sagas, lab, labActs] = await Promise.all([
    operatorActs(services, { limit: '20' }),
    failedSagas(parts.orchestrator),
    parts.lab?.() ?? [],
    parts.labActs?.() ?? [],
  ]);
  const persons = personItems(parts);
  const items: Readonly<Record<AttentionGroup['kind'], readonly AttentionItem[]>> = {
    approval: persons.approval,
    refund: persons.refund,
    cancellation: persons.cancellation,
    saga: sagaItems(sagas.items, parts.orchestrator?.name ?? ''),
    'refused record': refusedItems(parts.asking),
    lab: lab.map(labItem),
  };
  const all = await withRows(parts, items);
  return {
    groups: all.filter((group) => group.items.length > 0),
    acts: [...acts, ...labActs].toSorted((one, other) => (one.at < other.at ? 1 : -1)).slice(0, 20),
    gaps: [...gaps, ...sagas.gaps],
  };
}

async function withRows(
  parts: AttentionParts,
  items: Readonly<Record<AttentionGroup['kind'], readonly AttentionItem[]>>,
): Promise<readonly AttentionGroup[]> {
  const ids = Object.values(items).flatMap((of) => of.map(({ orderId }) => sagaOf(orderId)));
  const rows = await sagaRows(parts, ids);
  return (Object.keys(SENTENCES) as AttentionGroup['kind'][]).map((kind) => ({
    kind,
    sentence: SENTENCES[kind],
    items: items[kind].map((item) => ({ ...item, saga: item.saga ?? rows.get(item.orderId ?? '') ?? null })),
  }));
}

/** Sagas that wait at their orchestrator. One that is away is a gap, not a failure. */
async function failedSagas(
  orchestrator: AskedService | undefined,
): Promise<{ readonly items: readonly SagaLogPage[]; readonly gaps: readonly string[] }> {
  if (orchestrator === undefined) return { items: [], gaps: [] };
  try {
    const path = '/sagas?status=COMPENSATION_FAILED&limit=100';
    const page = await servicePage<ListPage<SagaLogPage>>(orchestrator, path);
    return { items: page.items, gaps: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { items: [], gaps: [`${why} Orchestrated sagas that wait are not shown.`] };
  }
}

const labItem = ({ title, service, since }: SwitchedOn): AttentionItem => ({
  orderId: null,
  service: service ?? 'lab',
  since,
  until: null,
  money: null,
  text: title,
  actions: [{ kind: 'link', label: 'To the lab', href: '/try#lab' }],
  saga: null,
});
