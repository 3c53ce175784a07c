import { defaultTableOf, type TableSource } from '@troupe/chassis/internal';
import type { Hearers } from '@troupe/schemas/evolution';
import { definitionOf, serviceNames } from '@troupe/services';

/** Which service hears which events, by their full names: as the reaction tables say. */
export async function hearers(): Promise<Hearers> {
  const tables = serviceNames.map(async (name) => defaultTableOf((await definitionOf(name)) as TableSource));
  return new Map(
    (await Promise.all(tables)).map(({ service, reactions }) => [
      service,
      reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.fullName] : [])),
    ]),
  );
}
