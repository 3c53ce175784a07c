import type { Choreography } from '../../map/choreography.ts';

/** Of outlines: they can be told apart in a light theme and in a dark one. */
const COLOURS = ['#3b82f6', '#d97706', '#16a34a', '#a855f7', '#0891b2', '#e11d48', '#65a30d', '#78716c'];

/** The class of each service's nodes. */
export const classesOf = ({ services }: Choreography): Readonly<Record<string, string>> =>
  Object.fromEntries(
    services.map(({ name }, at) => [name, `stroke:${COLOURS[at % COLOURS.length]},stroke-width:2px`] as const),
  );
