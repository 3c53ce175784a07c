import { outcomeOf } from '../owed/outcome.ts';
import type { Told } from '../owed/said.ts';
import type { Protocol } from '../protocol/protocol.ts';
import { expiryOf } from './payloads.ts';

interface DeadlineTimer {
  readonly service: string;
  readonly name: string;
  readonly ms: number;
}

/** Asked for each saga; the tables say it once. */
const timers = new WeakMap<Protocol, DeadlineTimer | null>();

/** The timer by which a saga ends itself as a failure: a beginning starts it. */
export function deadlineTimer(protocol: Protocol): DeadlineTimer | null {
  const known = timers.get(protocol);
  if (known !== undefined) return known;
  const found = timerIn(protocol);
  timers.set(protocol, found);
  return found;
}

function timerIn(protocol: Protocol): DeadlineTimer | null {
  const { map } = protocol;
  const beginning = map.services.flatMap(({ rows }) => rows.filter(({ begins }) => begins !== undefined));
  for (const { name, service, emits, afterMs } of map.timers) {
    const ends = emits.some((event) => protocol.event(event)?.ends === 'failure');
    const isSet = beginning.some((row) => row.service === service && row.starts.includes(name));
    if (ends && isSet && afterMs !== undefined) return { service, name, ms: afterMs };
  }
  return null;
}

/**
 * When the order cancels itself, with default settings: counted from its first event, behind the wait for an approval, or anew
 * from the payment after one. Null when it does not any more: it has ended, or its money could not be given back.
 */
export function deadlineOf(told: Told, protocol: Protocol): number | null {
  const timer = deadlineTimer(protocol);
  if (timer === null || told.root === undefined || outcomeOf(told, protocol) !== null) return null;
  const refused = [...protocol.failedUndos.values()].some(({ event, undo }) => told.has(event) && !told.has(undo));
  if (refused) return null;
  const asked = told.all.find(({ type }) => protocol.askings.has(type));
  if (asked === undefined) return told.root.at + timer.ms;
  const { oneOf = [], expiresAfterMs = 0 } = protocol.askings.get(asked.type) ?? {};
  const decided = told.of(oneOf[0] ?? '');
  if (decided !== undefined) return decided.at + timer.ms;
  return (expiryOf(asked.payload) ?? asked.at + (expiresAfterMs ?? 0)) + timer.ms;
}
