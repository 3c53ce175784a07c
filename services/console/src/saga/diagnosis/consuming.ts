import { behindOf } from '../fold/lanes.ts';
import type { ServiceFacts } from '../input.ts';
import { clockOf, countOf, durationOf, strong } from '../words.ts';
import { type Case, type Found, GRACE_MS, hasLasted, readerOf, waitedMs } from './case.ts';
import { cancelOrder, firstSentence, head, openService, otherwise } from './telling.ts';

/** The reader does not answer, or nobody of its consumer group reads. */
export function consumerAway(at: Case): Found | null {
  const { waits, now, stage } = at;
  const known = readerOf(at);
  if (known === undefined || waits.kind === 'step' || stage === 'outbox') return null;
  const { standing, group, service } = known;
  const isAway = standing === 'away' && hasLasted(known.since, now);
  const isEmpty = stage === 'topic' && hasLasted(group.noMemberSince, now) && !waitsToRead(known);
  if (!isAway && !isEmpty) return null;
  const since = isAway ? known.since : (group.noMemberSince ?? known.since);
  const behind = behindOf(known);
  const lag =
    behind > 0n
      ? `consumer group ${strong(group.id)} is ${strong(countOf(behind))} messages behind`
      : `${strong(service)} does not answer`;
  const what = isEmpty ? 'No member' : `${service} does not answer`;
  return {
    service,
    sentence: `${head(at)}: ${lag}.`,
    known: `${what} since ${clockOf(since)}. Start ${service} and it catches up, nothing to replay.${otherwise(at)}`,
    remedy: `Start ${service}. It reads on from where it stands.`,
    actions: [openService(service), ...cancelOrder(at)],
    about: waits.hears,
    tone: 'alarm',
  };
}

/** It runs, and says itself why nobody of its group reads. */
const waitsToRead = ({ standing, consumer, reasons }: ServiceFacts): boolean =>
  standing !== 'away' && (consumer?.state === 'held back' || 'registry' in reasons || 'retention' in reasons);

/** The reader runs, and does not read: it holds itself back, or waits for something before it begins. */
export function consumerPaused(at: Case): Found | null {
  const { waits, now, stage } = at;
  const known = readerOf(at);
  const { consumer } = known ?? {};
  if (known === undefined || consumer === undefined || stage !== 'topic' || waits.kind === 'step') return null;
  const isHeld = consumer.state === 'held back' || (consumer.state === 'joining' && consumer.reason !== null);
  if (!isHeld || !hasLasted(consumer.since, now)) return null;
  const reason = consumer.reason ?? known.reasons.retention ?? 'it waits for something that it needs first';
  return {
    service: known.service,
    sentence: `${head(at)}: ${strong(known.service)} runs, and does not read its topics.`,
    known: `Since ${clockOf(consumer.since)}: ${firstSentence(reason)}.${otherwise(at)}`,
    remedy: `Look at ${known.service}: its readiness says what it waits for.`,
    actions: [openService(known.service), ...cancelOrder(at)],
    about: waits.hears,
    tone: 'alarm',
  };
}

/** Longer than a reader that keeps up lets a record wait. */
const BEHIND_MS = 2_500;

/** The reader reads, and has not come as far as this event. */
export function consumerBehind(at: Case): Found | null {
  const { waits, stage } = at;
  const known = readerOf(at);
  const position = known?.group.positions[`${waits.topic}/${waits.partition}`];
  if (known === undefined || position === undefined || stage !== 'topic' || waits.kind === 'step') return null;
  const before = BigInt(waits.offset) - BigInt(position.committed);
  if (waitedMs(at) < BEHIND_MS || before < 0n) return null;
  const behind = behindOf(known);
  const ahead = before === 0n ? 'this event is the next' : `${countOf(before)} are before this event`;
  return {
    service: known.service,
    sentence: `${head(at)}: consumer group ${strong(known.group.id)} is ${strong(countOf(behind))} ${behind === 1n ? 'message' : 'messages'} behind.`,
    known: at.isMany
      ? `${known.service} reads, and has not come so far yet.`
      : `It stands at offset ${position.committed} of partition ${waits.partition}; ${ahead}.${otherwise(at)}`,
    remedy: `Look at what ${known.service} is doing; one more process of it takes some of the partitions.`,
    actions: [openService(known.service), ...cancelOrder(at)],
    about: waits.hears,
    tone: isLate(at) ? 'alarm' : 'caution',
  };
}

const isLate = ({ waits, now }: Case): boolean => waits.dueAt !== null && now > waits.dueAt;

/** Nothing explains it: it was taken in, or may have been, and the time that was allowed is over. */
export function noAnswer(at: Case): Found | null {
  const { waits, now, stage } = at;
  const due = waits.dueAt;
  if (due === null || now < due + GRACE_MS || waits.kind === 'timer') return null;
  const taken = stage === 'taken' ? 'it has taken the event in and said nothing' : 'nothing is known that holds it up';
  return {
    service: waits.service,
    sentence: `${head(at)}: ${taken}.`,
    known: `Due since ${clockOf(due)}, ${durationOf(now - due)} ago.${otherwise(at)}`,
    remedy: `Look at the log and at GET /waiting of ${waits.service}.`,
    actions: [openService(waits.service), ...cancelOrder(at)],
    about: waits.hears,
    tone: 'alarm',
  };
}

/** The order should have ended itself. */
export function deadlineMissed(at: Case): Found | null {
  const { waits, now } = at;
  if (waits.kind !== 'timer' || now - waits.since < DEADLINE_GRACE_MS) return null;
  return {
    service: waits.service,
    sentence: `${head(at)}: its timer is late.`,
    known: `The deadline was ${clockOf(waits.since)}. A timer goes off as soon as ${waits.service} can handle it.`,
    remedy: `Look at GET /waiting of ${waits.service}: it lists timers that should have gone off.`,
    actions: [openService(waits.service)],
    about: 'deadline',
    tone: 'alarm',
  };
}

/** A timer may be so late: a look for due ones, a batch, the relay. */
export const DEADLINE_GRACE_MS = 3_000;
