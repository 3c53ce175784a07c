import type { Desk, Trip } from './travel.ts';

type Status = string | undefined;
/** What a service keeps of a trip in the end. */
export type StatusOf = (service: string, tripId: string) => Status;

const GOOD = ['CONFIRMED', 'BOOKED', 'BOOKED', 'booked'].join();
/** Nothing is kept of a trip that came to nothing. */
const BAD = [
  ['CANCELLED', 'REFUSED', undefined, undefined].join(),
  ['CANCELLED', 'RELEASED', 'REFUSED', 'refused'].join(),
];

/** Trips that ended other than they have to, in sentences: each has all that it needs, or nothing. */
export function wrongTrips(trips: readonly Trip[], statusOf: StatusOf, { rooms }: Desk): readonly string[] {
  return trips.flatMap(({ tripId }) => {
    const services = ['trips', 'flights', 'hotels'].map((service) => statusOf(service, tripId));
    const found = [...services, rooms.get(tripId)?.kind].join();
    return found === GOOD || BAD.includes(found) ? [] : [`the trip ${tripId} ended as ${found}`];
  });
}
