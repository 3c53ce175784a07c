import { orderOutcome, type SimulationRun } from '../invariants/simulation-run.ts';
import { settleDeadLetters } from '../system/replays.ts';
import type { World } from '../world/world.ts';

/** Rounds of replaying and settling. What is open after them stays open, and violates an invariant. */
const MAX_ROUNDS = 12;

/** Operators replay dead letters, discard those of foreign producers and settle refused compensations, until none is left. */
export async function settle(world: World, run: SimulationRun): Promise<void> {
  const { system, clients } = run;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    await settleDeadLetters(world, system);
    const stuck = clients.orders.filter(({ orderId }) => orderId !== undefined && isStuck(run, orderId));
    for (const [at, order] of stuck.entries()) {
      const by = at % 2 === 0 ? 'retry' : 'resolve';
      clients.request(`${by} the refund`, order);
      clients.request(`${by} the cancellation`, order);
      await world.run();
      if (order.orchestrated) clients.request('retry the saga', order);
      await world.run();
    }
    if (stuck.length === 0 && ![...system.servers.values()].some((server) => server.hasOpenDeadLetters)) return;
  }
}

function isStuck(run: SimulationRun, orderId: string): boolean {
  const { order, shipment } = orderOutcome(run, orderId);
  return order === 'NEEDS_ATTENTION' || shipment === 'CANCEL_FAILED';
}

/** The inbox was pruned too early, and every group reads from the beginning: only business keys prevent a second effect. */
export async function readEverythingAgain(world: World, { system, history }: SimulationRun): Promise<void> {
  world.note('everything read again behind a pruned inbox');
  history.inboxPruned = true;
  for (const { tables } of system.servers.values()) tables.inbox.clear();
  for (const group of new Set(system.processes.map(({ consumer }) => consumer.group))) group.resetOffsets();
  await world.run();
}
