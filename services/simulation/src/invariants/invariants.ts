import { atRest, loops, published, received, refusedFromNewerProducer } from '../system/at-rest.ts';
import { brokenCausality } from './causality.ts';
import { inOrder } from './messages.ts';
import { emails, noNeedlessTimeouts, onlyRequestedOrders, orderViolations, stock } from './orders.ts';
import type { SimulationRun } from './simulation-run.ts';

/** Checks all invariants of a run at rest: a sentence for each violation. */
export function violations(run: SimulationRun): string[] {
  const { system, clients, history } = run;
  const servers = [...system.servers.values()];
  return [
    ...history.violations,
    ...clients.orders.flatMap((order) => orderViolations(run, order)),
    ...onlyRequestedOrders(run),
    ...noNeedlessTimeouts(run),
    ...stock(run),
    ...emails(system),
    ...servers.flatMap((server) => [...atRest(server), ...loops(server, system), ...published(server, system)]),
    ...(history.inboxPruned ? [] : servers.flatMap((server) => received(server, system))),
    ...servers.flatMap(refusedFromNewerProducer),
    ...inOrder(run),
    ...brokenCausality(system),
  ];
}
