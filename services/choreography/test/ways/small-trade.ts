import type { Choreography, MapEvent, MapRow } from '../../src/map/choreography.ts';

type Row = Partial<Omit<MapRow, 'hears' | 'service'>>;

/** A row of a service: `row('seats: event Booked', { emits: ['Seated'] })`. */
export function row(heard: string, { emits = [], starts = [], ...rest }: Row = {}): MapRow {
  const [service = '', kind = '', name = ''] = heard.split(/[: ]+/);
  return { service, hears: { kind: kind as MapRow['hears']['kind'], name }, emits, starts, ...rest };
}

/** A map of these rows. What is said of an event beyond its rows stands in `events`. */
export function mapOf(rows: readonly MapRow[], events: Readonly<Record<string, Partial<MapEvent>>> = {}): Choreography {
  const services = [...new Set(rows.map(({ service }) => service))];
  const names = [...new Set(rows.flatMap(({ emits }) => emits))];
  const tasks = (kind: string) =>
    rows
      .filter(({ hears }) => hears.kind === kind)
      .map(({ service, hears, emits, starts }) => ({ name: hears.name, service, startedBy: [], emits, starts }));
  return {
    format: 1,
    services: services.map((name) => ({
      name,
      topic: `${name}.events`,
      doc: `${name} does its part.`,
      rows: rows.filter(({ service }) => service === name),
    })),
    events: names.map((name): MapEvent => {
      const owner = rows.find(({ emits }) => emits.includes(name))?.service ?? '';
      const heardBy = rows
        .filter(({ hears }) => hears.kind === 'event' && hears.name === name)
        .map(({ service }) => service);
      const doc = `Emitted when ${name} is so.`;
      return {
        name,
        fullName: `test.${name}`,
        owner,
        topic: `${owner}.events`,
        key: 'id',
        doc,
        fields: [],
        emittedBy: [],
        heardBy,
        ...events[name],
      };
    }),
    calls: tasks('call'),
    timers: tasks('timer'),
    commands: [],
    sagas: [],
  };
}

/** A table is booked, seats are held, and the guest pays; either may fail. */
export const smallTrade: readonly MapRow[] = [
  row('bookings: command Book', { emits: ['Booked'], begins: 'Booked', starts: ['TooLate'] }),
  row('bookings: event Paid', { emits: ['Ready'], withinMs: 5_000 }),
  row('bookings: event Freed', { emits: ['Cancelled'] }),
  row('bookings: event Full', { emits: ['Cancelled'] }),
  row('bookings: timer TooLate', { emits: ['Cancelled'] }),
  row('seats: event Booked', { emits: ['Held', 'Full'], withinMs: 1_000 }),
  row('seats: event Refused', { starts: ['Free'] }),
  row('seats: event Cancelled', { starts: ['Free'] }),
  row('seats: call Free', { emits: ['Freed', 'NotFreed'], starts: ['Again'] }),
  row('seats: timer Again', { starts: ['Free'] }),
  row('seats: command SayFreed', { emits: ['Freed'] }),
  row('money: event Held', { starts: ['Take'], withinMs: 2_000 }),
  row('money: call Take', { emits: ['Paid', 'Refused'] }),
];

export const smallTradeEvents = {
  Ready: { ends: 'success' },
  Cancelled: { ends: 'failure' },
  Held: { undoneBy: 'Freed' },
} as const;
