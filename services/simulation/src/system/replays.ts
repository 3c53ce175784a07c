import { isForeign } from '../broker/foreign-producers.ts';
import { type DeadLetterRow, isOpen } from '../database/tables.ts';
import type { World } from '../world/world.ts';
import type { SystemUnderTest } from './system-under-test.ts';

const isFailed = (deadLetter: DeadLetterRow): boolean =>
  deadLetter.status === 'DEAD' || deadLetter.status === 'QUARANTINED';

/** Two operators replay the same dead letters at the same time. */
export function replayAll(system: SystemUnderTest, service: string): void {
  const ids = [...system.server(service).tables.deadLetters.values()].filter(isFailed).map(({ id }) => id);
  if (ids.length === 0) return;
  for (let twice = 0; twice < 2; twice += 1) {
    void system
      .processOf(service)
      ?.deadLetters.replay(ids)
      .catch(() => undefined);
  }
}

/** Operators discard the dead letters of foreign producers, and replay the others once. */
export async function settleDeadLetters(world: World, system: SystemUnderTest): Promise<void> {
  for (const [service, server] of system.servers) {
    if (server.tables.deadLetters.size === 0) continue;
    for (const deadLetter of server.tables.deadLetters.values())
      if (isOpen(deadLetter) && isForeign(deadLetter.record)) system.discard(service, deadLetter.id);
    replayAll(system, service);
    await world.run();
  }
}
