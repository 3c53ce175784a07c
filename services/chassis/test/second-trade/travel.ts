import { type Answered, call, command, decided, ignored, on, oneRow, reactions, seconds } from '@troupe/chassis';
import { type AnyEventType, type EventType, eventType } from '@troupe/schemas';

// A trade that has nothing to do with the shop: a trip is a seat and a room, or nothing at all.

export interface Trip {
  readonly tripId: string;
  readonly flight: string;
  readonly hotel: string;
}
interface Refusal {
  readonly tripId: string;
  readonly reason: string;
}

/** An event all of whose fields are texts. A service of a deployment has them generated from its `.avsc`. */
function event<Name extends string, Data extends object>(owner: string, name: Name, ...texts: string[]) {
  const fields = ['tripId', ...texts].map((field) => ({ name: field, type: 'string' }));
  const schema = { type: 'record', name, namespace: `troupe.${owner}`, key: 'tripId', fields };
  return eventType<Name, Data>(name, owner, schema) satisfies EventType<Name, Data>;
}

const TripRequested = event<'TripRequested', Trip>('trips', 'TripRequested', 'flight', 'hotel');
const TripConfirmed = event<'TripConfirmed', Trip>('trips', 'TripConfirmed', 'flight', 'hotel');
const TripCancelled = event<'TripCancelled', Refusal>('trips', 'TripCancelled', 'reason');
const SeatBooked = event<'SeatBooked', Trip>('flights', 'SeatBooked', 'flight', 'hotel');
const SeatRefused = event<'SeatRefused', Refusal>('flights', 'SeatRefused', 'reason');
const SeatReleased = event<'SeatReleased', Refusal>('flights', 'SeatReleased', 'reason');
const RoomBooked = event<'RoomBooked', Trip>('hotels', 'RoomBooked', 'flight', 'hotel');
const RoomRefused = event<'RoomRefused', Refusal>('hotels', 'RoomRefused', 'reason');
export const events: readonly AnyEventType[] = [
  TripRequested,
  TripConfirmed,
  TripCancelled,
  SeatBooked,
  SeatRefused,
  SeatReleased,
  RoomBooked,
  RoomRefused,
];

/** What a service keeps of a trip. */
export interface Row extends Trip {
  readonly status: string;
  readonly reason?: string;
}
type Known = Row | undefined;
const rowOf = ({ tripId }: Trip): string => tripId;
/** No flight leaves, and no hotel opens, with this name. */
export const FULL = 'FULL';

// Trips: takes wishes in, and says how they end.
export const BookTrip = command('BookTrip', ({ tripId }: Trip) => tripId);

const request = (trip: Trip, known: Known) =>
  known ? ignored('the trip is requested already') : decided({ ...trip, status: 'REQUESTED' }, TripRequested(trip));

function confirm({ tripId, flight, hotel }: Trip, trip: Known) {
  if (trip?.status !== 'REQUESTED') return ignored('the trip has ended');
  return decided({ ...trip, status: 'CONFIRMED' }, TripConfirmed({ tripId, flight, hotel }));
}

function cancel({ tripId, reason }: Refusal, trip: Known) {
  if (trip?.status !== 'REQUESTED') return ignored('the trip has ended');
  return decided({ ...trip, status: 'CANCELLED', reason }, TripCancelled({ tripId, reason }));
}

export const trips = reactions(oneRow<Row>('trips', rowOf), [
  on(BookTrip, { emits: [TripRequested], begins: TripRequested, react: request }),
  on(RoomBooked, { emits: [TripConfirmed], within: seconds(10), react: confirm }),
  on(SeatRefused, { emits: [TripCancelled], within: seconds(10), react: cancel }),
  on(SeatReleased, { emits: [TripCancelled], within: seconds(10), react: cancel }),
]);

// Flights: a seat for each trip, which is given back when there is no room.
function bookSeat(trip: Trip, seat: Known) {
  if (seat !== undefined) return ignored('the trip has its seat already');
  if (trip.flight !== FULL) return decided({ ...trip, status: 'BOOKED' }, SeatBooked(trip));
  const { tripId } = trip;
  return decided({ ...trip, status: 'REFUSED' }, SeatRefused({ tripId, reason: 'There is no seat left.' }));
}

function releaseSeat({ tripId, reason }: Refusal, seat: Known) {
  if (seat?.status !== 'BOOKED') return ignored('there is no seat to release');
  return decided({ ...seat, status: 'RELEASED' }, SeatReleased({ tripId, reason }));
}

export const flights = reactions(oneRow<Row>('flights', rowOf), [
  on(TripRequested, { emits: [SeatBooked, SeatRefused], within: seconds(10), react: bookSeat }),
  on(RoomRefused, { emits: [SeatReleased], within: seconds(10), react: releaseSeat }),
]);

// Hotels: asks the hotel itself, over a call.
export type RoomOutcome = { readonly kind: 'booked' } | { readonly kind: 'refused'; readonly reason: string };

export const BookRoom = call<'BookRoom', Trip, RoomOutcome>('BookRoom', ({ tripId }) => tripId);

const askForRoom = ({ tripId, flight, hotel }: Trip, room: Known) =>
  room
    ? ignored('the hotel was asked before')
    : decided({ tripId, flight, hotel, status: 'ASKED' }, BookRoom({ tripId, flight, hotel }));

function settleRoom({ request: trip, outcome }: Answered<Trip, RoomOutcome>, room: Known) {
  if (room?.status !== 'ASKED') return ignored('the hotel has answered before');
  if (outcome.kind === 'booked') return decided({ ...room, status: 'BOOKED' }, RoomBooked(trip));
  const { reason } = outcome;
  return decided({ ...room, status: 'REFUSED', reason }, RoomRefused({ tripId: trip.tripId, reason }));
}

export const hotels = reactions(oneRow<Row>('hotels', rowOf), [
  on(SeatBooked, { starts: [BookRoom], within: seconds(30), react: askForRoom }),
  on(BookRoom, { emits: [RoomBooked, RoomRefused], react: settleRoom }),
]);

/** The desk of the hotels, outside: one answer for each trip, however often it is asked. */
export class Desk {
  readonly rooms = new Map<string, RoomOutcome>();

  book({ tripId, hotel }: Trip): RoomOutcome {
    const full = hotel === FULL;
    const outcome = this.rooms.get(tripId) ?? (full ? { kind: 'refused', reason: 'No room.' } : { kind: 'booked' });
    this.rooms.set(tripId, outcome);
    return outcome;
  }
}
