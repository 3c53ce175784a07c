import { tables } from '@troupe/simulation/shop';
import { type Gone, goTrace } from '@troupe/simulation/traces';
import { BUGS } from '../bugs/bugs.ts';
import type { TraceStep } from '../explore/explore.ts';
import { EARLY } from '../model/moments.ts';
import type { Move } from '../model/move.ts';
import { OrderModel } from '../moves/order-model.ts';
import { faultsAtEnd, faultsOf } from '../shop/invariants.ts';
import { ORDER } from '../shop/order.ts';
import { shop } from '../shop/shop.ts';
import type { Scenario } from './scenarios.ts';

/** A way to a fault, as `npm run prove -- --trace` reads it. */
export interface Trace {
  readonly scenario: Scenario;
  readonly bug?: string;
  readonly fault: string;
  /** From the placement of the order on. */
  readonly steps: readonly TraceStep[];
}

export type Replayed =
  /** The faults at its end; none: what was found is mended. */
  | { readonly kind: 'replayed'; readonly faults: readonly string[] }
  /** The tables do not do a step any more. */
  | { readonly kind: 'impossible'; readonly step: number; readonly instead: readonly string[] };

/** Does the steps of a trace again, one by one, on the tables of today. */
export async function replay({ scenario, bug, steps }: Trace): Promise<Replayed> {
  const change = bug === undefined ? undefined : BUGS[bug];
  const model = new OrderModel(await shop(scenario.placed, change === undefined ? tables : tables.map(change)));
  const begun = model.begin(scenario.bounds);
  const orders = Array.from({ length: scenario.orders }, () => begun.order);
  let { shared } = begun;
  const faults: string[] = [];
  for (const [at, { label: step }] of steps.entries()) {
    const moves: { index: number; label: string; moved: number; left: number; move: Move }[] = [];
    for (const [index, order] of orders.entries()) {
      await model.moves(order, shared, (moved, left, move) => {
        const label = scenario.orders === 1 ? move.label() : `order ${index + 1}: ${move.label()}`;
        moves.push({ index, label, moved, left, move });
      });
    }
    const found = moves.find(({ label }) => label === step);
    if (found === undefined) return { kind: 'impossible', step: at + 1, instead: moves.map(({ label }) => label) };
    orders[found.index] = found.moved;
    orders.sort((a, b) => a - b);
    shared = found.left;
    if (found.move.fault !== undefined) faults.push(found.move.fault);
  }
  const views = orders.map((order) => model.view(order, shared));
  let isEnd = true;
  for (const order of orders) {
    await model.moves(order, shared, (_, __, { isAct }) => {
      if (!isAct) isEnd = false;
    });
  }
  return {
    kind: 'replayed',
    faults: [...faults, ...views.flatMap(faultsOf), ...(isEnd ? faultsAtEnd(views) : [])],
  };
}

/**
 * Goes a trace of one order on the production unit of work, as the simulation runs it: what holds in the model has to hold
 * there. The placement comes first; the steps follow.
 *
 * @throws Error that names the step which the runtime cannot do
 */
export async function replayOnRuntime({ scenario, bug, steps }: Trace): Promise<Gone> {
  const change = bug === undefined ? undefined : BUGS[bug];
  const changed = change === undefined ? tables : tables.map(change);
  const { begin, shared } = await shop(scenario.placed, changed);
  const placement = { label: begin.label, handles: [{ service: begin.service, message: begin.message, at: EARLY }] };
  return await goTrace({ tables: changed, orderId: ORDER, rows: shared, steps: [placement, ...steps] });
}
