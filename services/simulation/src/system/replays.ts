import { isForeign } from '../broker/foreign-producers.ts';
import { isOpen, type LetterRow } from '../database/tables.ts';
import type { World } from '../world/world.ts';
import type { SystemUnderTest } from './system-under-test.ts';

const isFailed = (letter: LetterRow): boolean => letter.status === 'DEAD' || letter.status === 'QUARANTINED';

/** Two operators replay the same dead letters at the same time. */
export function replayAll(system: SystemUnderTest, service: string): void {
  const ids = [...system.server(service).tables.letters.values()].filter(isFailed).map(({ id }) => id);
  if (ids.length === 0) return;
  for (let twice = 0; twice < 2; twice += 1) {
    void system
      .processOf(service)
      ?.letters.replay(ids)
      .catch(() => undefined);
  }
}

/** Operators discard the dead letters of foreign producers, and replay the others once. */
export async function settleDeadLetters(world: World, system: SystemUnderTest): Promise<void> {
  for (const [service, server] of system.servers) {
    if (server.tables.letters.size === 0) continue;
    for (const letter of server.tables.letters.values())
      if (isOpen(letter) && isForeign(letter.record)) system.discard(service, letter.id);
    replayAll(system, service);
    await world.run();
  }
}
