import { describe, expect, it } from '@jest/globals';
import { type PlantedBug, rowsWithId, runTrade } from '@troupe/simulation/trade';
import { wrongTrips } from './invariants.ts';
import { BookTrip, Desk, FULL, flights, hotels, type Row, type Trip, trips } from './travel.ts';

const SEEDS = 30;
/** A bug that many seeds do not meet is found in one of these. */
const MANY = 150;

const repository = rowsWithId('tripId');
const services = [trips, flights, hotels].map((table) => ({ table, repository }));
const wanted: readonly Trip[] = ['sea', 'sky', FULL].flatMap((hotel, one) =>
  ['LH 1', FULL].map((flight, other) => ({
    tripId: `01890000-0000-7000-8000-00000000000${3 * other + one}`,
    flight,
    hotel,
  })),
);

async function run(seed: number, planted?: PlantedBug) {
  const desk = new Desk();
  const external = {
    isDone: (_: string, key: string) => desk.rooms.has(key),
    perform: ({ data }: { readonly data: unknown }) => desk.book(data as Trip),
  };
  const commands = wanted.map((trip) => ({ service: 'trips', command: BookTrip(trip) }));
  const { violations, injected, rowsOf } = await runTrade(seed, { services, external, commands }, planted);
  const statusOf = (service: string, tripId: string) => (rowsOf(service).get(tripId) as Row | undefined)?.status;
  const statuses = wanted.map(({ tripId }) => statusOf('trips', tripId));
  return { violations: [...violations, ...wrongTrips(wanted, statusOf, desk)], statuses, injected };
}

describe('a trade that is not the shop, in the simulation', () => {
  it('ends as it has to, and comes to rest, whatever goes wrong', async () => {
    const struck = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations, statuses, injected } = await run(seed);
      expect({ seed, violations, statuses }).toEqual({
        seed,
        violations: [],
        statuses: wanted.map(({ flight, hotel }) => (flight === FULL || hotel === FULL ? 'CANCELLED' : 'CONFIRMED')),
      });
      for (const { name } of injected) struck.add(name.replace(/ #\d+$/, ''));
    }
    expect([...struck]).toEqual(expect.arrayContaining(['process killed', 'call answer lost', 'database crashed']));
  });

  it.each<[string, PlantedBug]>([
    [
      'a compensation that is missing',
      { table: (table) => (table.service === 'flights' ? deafTo('RoomRefused') : table) },
    ],
    ['offsets that are committed before their effects', { offsetBeforeCommit: true }],
    ['a relay that acknowledges what it has not published', { relay: 'acknowledge before publish' }],
  ])('finds %s', async (_, planted) => {
    for (let seed = 1; seed <= MANY; seed += 1) if ((await run(seed, planted)).violations.length > 0) return;
    throw new Error(`Nothing was found in ${MANY} seeds.`);
  });
});

/** Flights, who do nothing on an event. */
const deafTo = (event: string): typeof flights => ({
  ...flights,
  find(name) {
    const row = flights.find(name);
    return name !== event || row === undefined
      ? row
      : { ...row, react: () => ({ kind: 'ignored', reason: 'planted' }) };
  },
});
