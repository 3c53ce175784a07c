import type { Duty } from '../protocol/duty.ts';
import type { Protocol } from '../protocol/protocol.ts';
import { expiryOf, triesAgainAt } from '../shop/payloads.ts';
import { askedOwings } from './asked.ts';
import { outcomeOf } from './outcome.ts';
import type { Owing } from './owing.ts';
import type { Said, Told } from './said.ts';

/** All that is owed after what was said, what matters most first. */
export function owingsAfter(told: Told, protocol: Protocol): readonly Owing[] {
  const heard = told.all.flatMap((said) =>
    protocol.duties(said.type).flatMap((duty) => answerTo(said, duty, told, protocol)),
  );
  const asked = protocol.style === 'orchestrated' ? askedOwings(told, protocol) : [];
  const all = [...heard, ...asked, ...decisions(told, protocol), ...refusedUndos(told, protocol)];
  return all.sort((one, other) => weight(one) - weight(other) || one.since - other.since);
}

const weight = ({ isSure, nobodyWaits }: Owing): number => (nobodyWaits ? 2 : isSure ? 0 : 1);

function answerTo(on: Said, duty: Duty, told: Told, protocol: Protocol): readonly Owing[] {
  const { service, hears, oneOf, withinMs, undoes, nobodyWaits, calls } = duty;
  if (oneOf.length === 0 || isAnswered(on, duty, told)) return [];
  const outcome = outcomeOf(told, protocol);
  if (!nobodyWaits && oneOf.some((name) => told.of(name)?.service === service)) return [];
  if (outcome !== null && oneOf.every((name) => protocol.event(name)?.ends !== undefined)) return [];
  // What was not done need not be undone: if it is still under way, that is owed instead.
  if (undoes !== null && !told.has(undoes.effect)) return [];
  return [
    {
      kind: 'answer',
      service,
      hears,
      on,
      oneOf,
      withinMs,
      since: on.at,
      dueAt: withinMs === null ? null : on.at + withinMs,
      undoes: undoes === null ? endUndone(oneOf, told, protocol) : (told.of(undoes.effect) ?? null),
      isBack: undoes !== null || oneOf.some((name) => protocol.event(name)?.ends === 'failure'),
      isSure: undoes !== null || nobodyWaits || outcome?.ends !== 'failure',
      nobodyWaits,
      calls,
      orchestrator: null,
    },
  ];
}

/** The failing end undoes the first event: the order is cancelled. */
const endUndone = (oneOf: readonly string[], told: Told, protocol: Protocol): Said | null =>
  oneOf.some((name) => protocol.event(name)?.ends === 'failure') ? (told.root ?? null) : null;

const isAnswered = (on: Said, { service, mayCause }: Duty, told: Told): boolean =>
  told.all.some(({ causeId, type, service: by }) => causeId === on.id && by === service && mayCause.has(type));

function decisions(told: Told, protocol: Protocol): readonly Owing[] {
  return told.all.flatMap((on): readonly Owing[] => {
    const asking = protocol.askings.get(on.type);
    if (asking === undefined) return [];
    const { service, oneOf, mayCause, event, expiresAfterMs } = asking;
    if (told.all.some(({ service: by, type }) => by === service && mayCause.has(type))) return [];
    const expiry = expiryOf(on.payload) ?? (expiresAfterMs === null ? null : on.at + expiresAfterMs);
    return [
      {
        ...NOTHING_ELSE,
        kind: 'decision',
        service,
        hears: event,
        on,
        oneOf,
        since: on.at,
        dueAt: expiry,
        withinMs: expiry === null ? null : expiry - on.at,
        isSure: outcomeOf(told, protocol)?.ends !== 'failure',
      },
    ];
  });
}

function refusedUndos(told: Told, protocol: Protocol): readonly Owing[] {
  return [...protocol.failedUndos.values()].flatMap(({ event, service, undo }): readonly Owing[] => {
    const on = told.lastOf(event);
    if (on === undefined || told.has(undo)) return [];
    const effect = protocol.effectOf.get(undo);
    return [
      {
        ...NOTHING_ELSE,
        kind: 'undo again',
        service,
        hears: event,
        on,
        oneOf: [undo],
        since: told.of(event)?.at ?? on.at,
        dueAt: triesAgainAt(on.payload),
        undoes: (effect === undefined ? undefined : told.of(effect)) ?? null,
        isBack: true,
      },
    ];
  });
}

const NOTHING_ELSE = {
  withinMs: null,
  undoes: null,
  isBack: false,
  isSure: true,
  nobodyWaits: false,
  calls: [],
  orchestrator: null,
} as const;
