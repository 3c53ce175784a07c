import type { Protocol } from '../protocol/protocol.ts';
import { outcomeOf, turnOf } from './outcome.ts';
import type { Owing } from './owing.ts';
import type { Told } from './said.ts';

/** What an orchestrated saga does next, as far as events tell: the first step without its event, or the last that is to be undone. */
export function askedOwings(told: Told, protocol: Protocol): readonly Owing[] {
  const last = told.all.filter(({ type }) => isOfASaga(type, protocol)).at(-1) ?? told.root;
  if (last === undefined || outcomeOf(told, protocol) !== null) return [];
  // Whoever waits for a person or for an undo that was refused owes that.
  if (protocol.failedUndos.has(last.type) || protocol.askings.has(last.type)) return [];
  const isBack = turnOf(told, protocol) !== null;
  const asked = isBack ? nextUndo(told, protocol) : protocol.steps.find(({ oneOf }) => !told.has(oneOf[0] ?? ''));
  if (asked === undefined) return [];
  const { service, name, oneOf, withinMs, call, orchestrator } = asked;
  return [
    {
      kind: 'step',
      service,
      hears: name,
      on: last,
      oneOf,
      withinMs,
      since: last.at,
      dueAt: withinMs === null ? null : last.at + withinMs,
      undoes: 'effect' in asked ? (told.of(asked.effect) ?? null) : null,
      isBack,
      isSure: true,
      nobodyWaits: false,
      calls: call === null ? [] : [call],
      orchestrator,
    },
  ];
}

/** In reverse order, what was done and is not undone; the end comes last. */
function nextUndo(told: Told, protocol: Protocol) {
  return protocol.steps
    .flatMap(({ undo }) => (undo === null ? [] : [undo]))
    .reverse()
    .find(({ effect, oneOf }) => told.has(effect) && !told.has(oneOf[0] ?? ''));
}

/** What nobody waits for does not move a saga. */
const isOfASaga = (type: string, protocol: Protocol): boolean =>
  protocol.steps.some(({ mayCause, undo }) => mayCause.has(type) || undo?.mayCause.has(type));
