import type { Asking } from '../../asking/asking.ts';
import type { Action } from '../../contract/diagnosis.ts';
import type { ServicesView, ServiceView } from '../../contract/services.ts';
import type { Reached } from '../../saga/input.ts';
import { allOf, countOf, durationOf, strong } from '../../saga/words.ts';

type Alarm = NonNullable<ServicesView['alarm']>;

const show = (name: string): Action => ({ kind: 'link', label: `Show ${name}`, href: `/services?open=${name}` });
const waiting = (name: string): Action => ({ kind: 'link', label: 'See the sagas', href: `/sagas?service=${name}` });

/** The worst thing that is known, with what to do about it: the nearest to the root first. */
export function alarmOf(services: readonly ServiceView[], asking: Asking, now: number): Alarm | null {
  return (
    brokerAlarm(asking.broker.reached, now) ??
    awayAlarm(services, now) ??
    notReadyAlarm(services, now) ??
    registryAlarm(asking.registry.reached, now) ??
    idleAlarm(services, asking, now)
  );
}

const since = (moment: string, now: number): string => durationOf(now - Date.parse(moment));

function brokerAlarm({ awaySince, reason }: Reached, now: number): Alarm | null {
  if (awaySince === null) return null;
  return {
    sentence: `${strong('Kafka')} has not answered for ${since(awaySince, now)}: ${reason}.`,
    known: 'Events wait in the outboxes, and nothing is lost. Start the broker, and every service goes on by itself.',
    actions: [],
  };
}

function awayAlarm(services: readonly ServiceView[], now: number): Alarm | null {
  const away = services.filter(({ standing }) => standing === 'away');
  const [first] = away;
  if (first === undefined) return null;
  const names = away.map(({ name }) => strong(name));
  const behind = away.flatMap(({ lag }) => lag).reduce((sum, topic) => sum + topic.behind, 0);
  const verb = away.length === 1 ? 'has' : 'have';
  return {
    sentence: `${allOf(names)} ${verb} not answered for ${since(first.since, now)}: ${countOf(behind)} messages wait for ${away.length === 1 ? 'it' : 'them'}.`,
    known: `${Object.values(first.reasons)[0] ?? ''} Start ${away.length === 1 ? 'it' : 'them'}: nothing is lost, and what waits is handled in order.`,
    actions: [show(first.name), waiting(first.name)],
  };
}

function notReadyAlarm(services: readonly ServiceView[], now: number): Alarm | null {
  const first = services.find(({ standing, followsFrom }) => standing === 'not ready' && followsFrom === null);
  const symptom = first ?? services.find(({ standing }) => standing === 'not ready');
  if (symptom === undefined) return null;
  const [why = 'it does not say why.'] = Object.values(symptom.reasons);
  const follows = symptom.followsFrom === null ? '' : ` Follows from ${symptom.followsFrom}.`;
  return {
    sentence: `${strong(symptom.name)} has not been ready for ${since(symptom.since, now)}: ${why}`,
    known: `It goes on by itself when this is mended; a restart changes nothing.${follows}`,
    actions: [show(symptom.name)],
  };
}

function registryAlarm({ awaySince, reason }: Reached, now: number): Alarm | null {
  if (awaySince === null) return null;
  return {
    sentence: `${strong('The schema registry')} has not answered for ${since(awaySince, now)}: ${reason}.`,
    known: 'Services go on with the schemas that they know; one that starts waits for it. Start the registry.',
    actions: [],
  };
}

/** A service that answers, and of which no process reads what it hears. */
function idleAlarm(services: readonly ServiceView[], { broker, topicPrefix }: Asking, now: number): Alarm | null {
  const idle = services.find(({ lag }) => lag.some(({ behind, members }) => behind > 0 && members === 0));
  if (idle === undefined) return null;
  const noMember = broker.noMemberSince(`${topicPrefix}${idle.name}`);
  const behind = idle.lag.reduce((sum, topic) => sum + topic.behind, 0);
  const how = noMember === null ? '' : ` for ${since(noMember, now)}`;
  return {
    sentence: `${strong(idle.name)} answers, but has read nothing${how}: ${countOf(behind)} messages wait for it.`,
    known: 'Its consumer group has no member. Look into its log, and start it again when it does not join by itself.',
    actions: [show(idle.name), waiting(idle.name)],
  };
}
