import { theChoreography } from '@troupe/choreography';
import type { Hearers } from '@troupe/schemas/evolution';

/** Which service hears which events, by their full names. */
export async function hearers(): Promise<Hearers> {
  const { services, events } = await theChoreography();
  return new Map(
    services.map(({ name }) => [
      name,
      events.filter(({ heardBy }) => heardBy.includes(name)).map(({ fullName }) => fullName),
    ]),
  );
}
