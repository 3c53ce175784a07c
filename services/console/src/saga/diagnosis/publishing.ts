import type { ServiceFacts } from '../input.ts';
import { clockOf, countOf, durationOf, strong } from '../words.ts';
import { type Case, type Found, GRACE_MS, waitedMs } from './case.ts';
import { act, openService, otherwise } from './telling.ts';

/** Whose outbox holds it up: the one of who said it, or of who has taken it in and may have answered. */
function publisher(at: Case): ServiceFacts | undefined {
  const { stage, waits, facts } = at;
  if (stage === 'outbox') return facts.services[waits.saidBy];
  if (stage === 'taken') return facts.services[waits.service];
  return undefined;
}

const isHeldUp = (at: Case, { outbox }: ServiceFacts): boolean =>
  at.stage === 'outbox' ||
  (outbox.unpublished > 0 && outbox.oldestAt !== null && at.now - Date.parse(outbox.oldestAt) >= GRACE_MS);

/** The place from which the relay reads is gone: it publishes all that the outbox keeps, or a person has to allow it. */
export function slotLost(at: Case): Found | null {
  const known = publisher(at);
  if (known === undefined || !SLOT_STATES.has(known.relay.state) || !isHeldUp(at, known)) return null;
  const { relay, service } = known;
  const recovers = relay.state === 'recovering';
  const since = relay.since === null ? at.waits.since : Date.parse(relay.since);
  return {
    service,
    sentence: `${subject(at, service)}: its replication slot ${recovers ? 'was lost, and the outbox is published again' : 'must not be used'}.`,
    known: `Since ${clockOf(since)}. ${relay.reason ?? ''}${otherwise(at)}`.trim(),
    remedy: recovers
      ? 'Nothing is to be done: what is published again, consumers drop.'
      : `Look at ${service}: its relay says what a person has to decide.`,
    actions: [openService(service)],
    about: 'slot',
    tone: recovers ? 'caution' : 'alarm',
  };
}

const SLOT_STATES: ReadonlySet<string> = new Set(['recovering', 'refused']);

/** It was said, and the broker does not have it. */
export function notPublished(at: Case): Found | null {
  return refusedByBroker(at) ?? heldByRelay(at);
}

/** The broker refuses a record of this saga for good; later ones of its key wait behind it. */
function refusedByBroker(at: Case): Found | null {
  const [refused] = at.refused;
  if (refused === undefined || at.stage === 'set aside') return null;
  const service = at.facts.services[at.waits.saidBy]?.refused.includes(refused)
    ? at.waits.saidBy
    : ownerOf(at, refused.eventId);
  if (service === undefined) return null;
  const params = { service, id: refused.eventId };
  return {
    service,
    sentence: `${strong(service)} cannot publish what it has said: Kafka refuses the record for good (${refused.reason}).`,
    known: `Since ${clockOf(refused.since)}. Later events of the order wait behind it.${otherwise(at)}`,
    remedy: 'Mend the cause and publish it again, or decide that it is never published.',
    actions: at.isMany
      ? [openService(service)]
      : [
          act('retry-unpublished', 'Publish again…', params, {
            consequence: 'The relay offers the record to Kafka again, and what waits behind it.',
            danger: false,
          }),
          act('discard-unpublished', 'Never publish…', params, {
            consequence: 'Nobody will ever hear this event. What waits behind it goes on.',
            danger: true,
          }),
        ],
    about: 'refused',
    tone: 'alarm',
  };
}

const ownerOf = ({ facts }: Case, eventId: string): string | undefined =>
  Object.values(facts.services).find(({ refused }) => refused.some((one) => one.eventId === eventId))?.service;

function heldByRelay(at: Case): Found | null {
  const known = publisher(at);
  if (known === undefined || waitedMs(at) < GRACE_MS || !isHeldUp(at, known)) return null;
  const { relay, service, outbox, standing } = known;
  // What was taken in may be under way for other reasons, as long as the relay does its work.
  if (at.stage === 'taken' && relay.state === 'active' && relay.isRead !== false) return null;
  const many = outbox.unpublished > 1 ? `, ${countOf(outbox.unpublished)} events wait` : '';
  const stands = relay.position === null ? 'its relay does not publish' : `its relay stands at ${relay.position}`;
  return {
    service,
    sentence: `${subject(at, service)}: ${standing === 'away' ? `${service} does not answer, and its relay is part of it` : `${stands}${many}`}.`,
    known: `${relayWords(relay)} Nothing is lost: it is published as soon as the relay goes on.${otherwise(at)}`.trim(),
    remedy: standing === 'away' ? `Start ${service}.` : `Let the relay of ${service} go on, or start ${service} anew.`,
    actions: [openService(service)],
    about: 'outbox',
    tone: 'alarm',
  };
}

function relayWords({ state, reason, since }: ServiceFacts['relay']): string {
  if (reason !== null) return reason;
  const from = since === null ? '' : ` since ${clockOf(since)}`;
  return state === 'standing by'
    ? `Its relay stands by${from}: another one holds its place.`
    : `Its relay is ${state}${from}.`;
}

function subject({ stage, waits, now, isMany, facts }: Case, service: string): string {
  if (stage === 'outbox') {
    const time = isMany ? '' : ` for ${strong(durationOf(now - waits.since))}`;
    return `${strong(waits.hears)} has been unsent in ${strong(`${service}’s outbox`)}${time}`;
  }
  const oldest = facts.services[service]?.outbox.oldestAt ?? null;
  const time = isMany || oldest === null ? '' : ` for ${strong(durationOf(now - Date.parse(oldest)))}`;
  return `${strong(service)} has taken ${strong(waits.hears)} in, and what it says has been unsent in its outbox${time}`;
}
