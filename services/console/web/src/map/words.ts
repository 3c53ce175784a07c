import type { EdgeView, MapView } from '../../../src/contract/services.ts';
import { clockTime, count, rate, shortDurationOf } from '../parts/index.ts';

export type ServiceStanding = MapView['services'][number]['standing'];

/** So much of what was said lately may be on its way; a reader is behind when it is more. */
const ON_ITS_WAY = { events: 10, seconds: 2 };

/** Whether a reader does not follow: more waits for it than is on its way anyhow, or it is away. */
export function isBehind({ behind, perSecond }: EdgeView, reader: ServiceStanding | undefined): boolean {
  if (behind === 0) return false;
  return reader === 'away' || behind > Math.max(ON_ITS_WAY.events, ON_ITS_WAY.seconds * perSecond);
}

/** Nothing passed in the span that is looked at. */
export const isIdle = ({ perSecond }: EdgeView): boolean => perSecond === 0;

/** By powers of ten: 0.1 a second is thin, 1,000 a second is thick. */
export function widthOf({ perSecond }: EdgeView): number {
  if (perSecond === 0) return 1.5;
  return 1.6 + 0.7 * Math.min(4, Math.max(0, Math.floor(Math.log10(perSecond)) + 1));
}

/** Under the name, at most sixteen figures: how many a second, and how long 99 of 100 take from commit to commit. */
export function figures(edge: EdgeView): string {
  const { p99Ms, parked, lastAt } = edge;
  const often = perSecondOf(edge);
  if (parked > 0) return `${often} · ${count(parked)} parked`;
  if (isIdle(edge)) return lastAt === null ? often : `${often} since ${clockTime(lastAt).slice(0, 5)}`;
  return p99Ms === null ? often : `${often} · ${shortDurationOf(p99Ms)}`;
}

/** `12.1/s`; what is seldom is more than nothing. */
const perSecondOf = ({ perSecond }: EdgeView): string =>
  perSecond > 0 && perSecond < 0.05 ? '<0.1/s' : `${rate(perSecond)}/s`;

export const KIND_WORDS: Readonly<Record<EdgeView['kind'], string>> = {
  there: 'there',
  back: 'back',
  person: 'waits for a person',
  informs: 'only informs',
};

/** An edge as a sentence, for whoever does not see it. */
export function sentence(edge: EdgeView, reader: ServiceStanding | undefined): string {
  const { event, from, to, kind, behind, deadLetters } = edge;
  const said = [`${event} from ${from} to ${to}, ${KIND_WORDS[kind]}`, figures(edge)];
  if (isBehind(edge, reader)) said.push(`${count(behind)} behind`);
  if (deadLetters > 0) said.push(`${count(deadLetters)} dead letters`);
  return said.join(', ');
}
