import { type Behaviour, behaviourOf } from '@troupe/audit';
import { FAILPOINTS, type Failpoint } from '@troupe/chassis/internal';
import { type ServiceName, serviceNames } from '@troupe/embedded';
import { someOf } from '../../terminal/options.ts';

/** A moment, and the service that dies in it. */
export interface Case {
  readonly service: ServiceName;
  readonly point: Failpoint;
}

/** How a service is brought to a point. */
export type Stimulus = 'orders' | 'replay' | 'lost slot';

export const points = Object.keys(FAILPOINTS) as Failpoint[];

export function stimulusOf(point: Failpoint): Stimulus {
  if (point === 'relay-recovery') return 'lost slot';
  return point.startsWith('replay-') ? 'replay' : 'orders';
}

/** Whether a service can come to a point at all: inventory calls nobody, so it never stands before a call. */
export function reaches(service: ServiceName, point: Failpoint): boolean {
  const needed = neededFor(point);
  return needed === undefined || behaviourOf.get(service)?.[needed] === true;
}

function neededFor(point: Failpoint): keyof Behaviour | undefined {
  if (point.endsWith('-call')) return 'calls';
  if (point === 'relay-recovery') return undefined;
  return point.startsWith('relay-') ? 'emits' : 'hears';
}

/** A relay that polls has no slot that could be lost. */
export const isReachedWith =
  (relay: 'logical' | 'polling') =>
  ({ point }: Case): boolean =>
    relay === 'logical' || stimulusOf(point) !== 'lost slot';

/** Every point of every service. */
export const allCases: readonly Case[] = serviceNames.flatMap((service) =>
  points.filter((point) => reaches(service, point)).map((point) => ({ service, point })),
);

/** A round for each case, or one for each point, in which all services die at it. */
export function inRounds(cases: readonly Case[], together: boolean): readonly (readonly Case[])[] {
  if (!together) return cases.map((one) => [one]);
  const rounds = points.map((point) => cases.filter((one) => one.point === point));
  return rounds.filter((round) => round.length > 0);
}

/** The cases of some services and points, with commas; empty is all. @throws StartError that lists the names there are. */
export function casesOf(services: string, wanted: string): readonly Case[] {
  const theirs = someOf('service', serviceNames, services);
  const those = someOf('point', points, wanted);
  return allCases.filter(
    ({ service, point }) =>
      (theirs.length === 0 || theirs.includes(service)) && (those.length === 0 || those.includes(point)),
  );
}
