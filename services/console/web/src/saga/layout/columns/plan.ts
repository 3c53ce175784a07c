import type { SagaDetail, Step } from '../../../../../src/contract/index.ts';
import type { Ask } from '../marks/comb.ts';
import type { Hop, Rest } from '../marks/hops.ts';
import type { Label } from '../marks/labels.ts';
import type { Occurrence, Occurrences } from '../marks/occurrences.ts';
import type { LaneBox, LayoutOptions } from '../scene/scene.ts';
import type { Column, Places } from './columns.ts';

/** Everything of a saga before and after its columns have places. */
export interface Plan {
  readonly detail: SagaDetail;
  readonly options: LayoutOptions;
  readonly found: Occurrences;
  readonly lanes: readonly LaneBox[];
  readonly hops: readonly Hop[];
  /** Of hops that run beside the staff. */
  readonly sidings: ReadonlySet<string>;
  readonly rest: readonly Rest[];
  readonly asks: readonly Ask[];
  readonly columns: readonly Column[];
  readonly places: Places;
  readonly labels: ReadonlyMap<string, Label>;
  /** The first step that is overdue, and its column. */
  readonly due: { readonly step: Step; readonly column: number } | null;
  readonly turn: Occurrence | null;
  readonly index: ReadonlyMap<string, number>;
  readonly lane: (service: string) => LaneBox;
  readonly x: (id: string) => number;
}

export const NOW = 'now';
export const DUE = 'due';
export const DEADLINE = 'deadline';

/** Before its columns have places. */
export type Draft = Omit<Plan, 'places' | 'due' | 'x'>;
