import { defaultTableOf, type TableSource } from '@troupe/chassis/internal';
import { definitionOf, serviceNames } from '@troupe/services';

/** A row of the facts: a service reads this type on this topic. */
export interface Hears {
  readonly service: string;
  readonly topic: string;
  readonly type: string;
}

/** What a service hears does not depend on the settings of its rules, so any settings do. */
const tables = await Promise.all(
  serviceNames.map(async (name) => defaultTableOf((await definitionOf(name)) as TableSource)),
);

/** From the reaction tables: they are data. */
export const hears: readonly Hears[] = tables.flatMap(({ service, reactions }) =>
  reactions.flatMap(({ hears: type }) =>
    type.kind === 'event' ? [{ service, topic: type.topic, type: type.fullName }] : [],
  ),
);

/** What a service can come to, as its table says. */
export interface Behaviour {
  /** It reads events of others or of its own. */
  readonly hears: boolean;
  /** It has events of its own to publish. */
  readonly emits: boolean;
  /** It asks somebody outside, or another service over HTTP. */
  readonly calls: boolean;
}

export const behaviourOf: ReadonlyMap<string, Behaviour> = new Map(
  tables.map(({ service, reactions }) => [
    service,
    {
      hears: reactions.some(({ hears: { kind } }) => kind === 'event'),
      emits: reactions.some(({ emits }) => emits.length > 0),
      calls: reactions.some(({ starts }) => starts.some(({ kind }) => kind === 'call')),
    },
  ]),
);
