import { Channel } from './channel.ts';
import type { ServiceModel } from './service-model.ts';

/** The topic of each service, and who reads it: who hears at least one of its owner's events. */
export function topicsOf(services: readonly ServiceModel[], typeOf: (event: number) => string) {
  const consumers = services.map(({ name }) =>
    services.flatMap(({ table }, at) =>
      table.reactions.some(({ hears }) => hears.kind === 'event' && hears.owner === name) ? [at] : [],
    ),
  );
  const topics = consumers.map(
    (readers) => new Channel(readers.map((at) => (event) => services[at]?.hears(typeOf(event)) === true)),
  );
  return { topics, consumers };
}
