import type { Protocol } from '../protocol/protocol.ts';
import type { Said, Told } from './said.ts';

/** The event with which the saga ended, and how; null while it has not. */
export function outcomeOf(
  told: Told,
  protocol: Protocol,
): { readonly by: Said; readonly ends: 'success' | 'failure' } | null {
  for (const by of told.all) {
    const ends = protocol.event(by.type)?.ends;
    if (ends !== undefined) return { by, ends };
  }
  return null;
}

/** The event at which the path turns back: a refusal, or an end that nobody refused anything before. Null: it has not turned. */
export function turnOf(told: Told, protocol: Protocol): Said | null {
  return (
    told.all.find((said) => isRefusal(said, told, protocol) || protocol.event(said.type)?.ends === 'failure') ?? null
  );
}

/** A service says something else than what would go on, and asks nobody. */
export function isRefusal(said: Said, told: Told, protocol: Protocol): boolean {
  const { type, service } = said;
  if (protocol.askings.has(type) || protocol.effectOf.has(type) || protocol.failedUndos.has(type)) return false;
  if (protocol.event(type)?.ends !== undefined || protocol.good.some(({ event }) => event === type)) return false;
  const step = protocol.good.find((good) => good.service === service && goesAlong(good.event, type, protocol));
  return step !== undefined && !told.has(step.event);
}

/** Whether one answer may be the one or the other: of an event, or of an orchestrator's step. */
function goesAlong(good: string, other: string, protocol: Protocol): boolean {
  const both = (oneOf: readonly string[]): boolean => oneOf.includes(good) && oneOf.includes(other);
  return (
    protocol.steps.some(({ oneOf }) => both(oneOf)) ||
    protocol.good.some(({ hears }) => hears !== null && protocol.duties(hears).some(({ oneOf }) => both(oneOf)))
  );
}
