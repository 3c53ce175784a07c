import type { SetAside } from '../../contract/event.ts';
import { clockOf, strong } from '../words.ts';
import type { Case, Found } from './case.ts';
import { act, otherwise } from './telling.ts';

/** What is to be answered could not be handled. */
export function deadLetter(at: Case): Found | null {
  const letter = at.setAside.find(
    (one) => isHere(one, at) && one.status !== 'PARKED' && one.eventId === at.waits.hearsId,
  );
  return letter === undefined ? null : told(letter, at);
}

/** What is to be answered waits behind a message of the same order that could not be handled. */
export function behindDeadLetter(at: Case): Found | null {
  const parked = at.setAside.find(
    (one) => isHere(one, at) && one.status === 'PARKED' && one.eventId === at.waits.hearsId,
  );
  const ahead = at.setAside.find(
    (one) =>
      isHere(one, at) && one.status !== 'PARKED' && one.topic === at.waits.topic && one.eventId !== at.waits.hearsId,
  );
  if (parked === undefined && (ahead === undefined || at.stage === 'taken' || at.waits.kind !== 'answer')) return null;
  const { service, hears } = at.waits;
  const since = parked?.since ?? ahead?.since ?? new Date(at.waits.since).toISOString();
  const letter =
    ahead === undefined
      ? 'a dead letter'
      : `the dead letter ${strong(`…${ahead.id.slice(-7)}`)} (${ahead.code ?? 'no code'})`;
  return {
    service,
    sentence: `${strong(hears)} is parked at ${strong(service)} behind ${at.isMany ? 'dead letters' : letter}.`,
    known: `Since ${clockOf(since)}. Events of one order are handled in their order; it follows by itself when the dead letter is settled.${otherwise(at)}`,
    remedy: 'Replay the dead letter when its cause is mended, or discard it: what is parked behind it goes on.',
    actions: lettersOf(at, ahead),
    about: ahead?.code ?? 'PARKED',
    tone: 'alarm',
  };
}

/** A message of the order that could not be handled, though the next step does not wait for it. */
export function anyDeadLetter(at: Case): Found | null {
  const letter = at.setAside.find(({ status }) => status !== 'PARKED');
  return letter === undefined ? null : told(letter, at);
}

function told(letter: SetAside, at: Case): Found {
  const { service, code, eventType, message, since } = letter;
  const what = eventType === null ? 'a message of the order' : strong(eventType.slice(eventType.lastIndexOf('.') + 1));
  return {
    service,
    sentence: `${strong(service)} cannot handle ${what}${code === null ? '' : ` (${code})`}: it is a dead letter.`,
    known: `Since ${clockOf(since)}${message === null ? '' : `: “${message}”`}. Later events of the order from this topic are parked behind it.${otherwise(at)}`,
    remedy: 'Mend the cause and replay it, or discard it with a reason.',
    actions: lettersOf(at, letter),
    about: `${code ?? ''}/${eventType ?? ''}`,
    tone: 'alarm',
  };
}

const isHere = ({ service }: SetAside, { waits }: Case): boolean => service === waits.service;

function lettersOf({ isMany, waits }: Case, letter: SetAside | undefined): Found['actions'] {
  const service = letter?.service ?? waits.service;
  const query = letter === undefined || isMany ? '' : `&letter=${encodeURIComponent(letter.id)}`;
  const open = {
    kind: 'link' as const,
    label: isMany ? 'Open dead letters' : 'Open dead letter',
    href: `/dead-letters?service=${encodeURIComponent(service)}${query}`,
  };
  if (letter === undefined || isMany) return [open];
  const replay = act(
    'replay-dead-letters',
    'Replay…',
    { service, ids: letter.id },
    {
      consequence: `${service} handles the message again, once, and then what is parked behind it.`,
      danger: false,
    },
  );
  return [open, replay];
}
