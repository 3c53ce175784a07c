import { isOpen, type LetterRow } from './database/tables.ts';
import type { Processes } from './processes.ts';
import { isStrange } from './strangers.ts';
import type { World } from './world.ts';

const isFailed = (letter: LetterRow): boolean => letter.status === 'DEAD' || letter.status === 'QUARANTINED';

/** Two operators replay the same dead letters at the same time. */
export function replayAll(processes: Processes, service: string): void {
  const ids = [...processes.server(service).tables.letters.values()].filter(isFailed).map(({ id }) => id);
  if (ids.length === 0) return;
  for (let twice = 0; twice < 2; twice += 1) {
    void processes
      .processOf(service)
      ?.letters.replay(ids)
      .catch(() => undefined);
  }
}

/** Operators discard what nobody can handle, and replay the rest of what was set aside, once. */
export async function settleDeadLetters(world: World, processes: Processes): Promise<void> {
  for (const [service, server] of processes.servers) {
    if (server.tables.letters.size === 0) continue;
    for (const letter of server.tables.letters.values())
      if (isOpen(letter) && isStrange(letter.record)) processes.discard(service, letter.id);
    replayAll(processes, service);
    await world.run();
  }
}
