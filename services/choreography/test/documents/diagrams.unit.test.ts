import { describe, expect, it } from '@jest/globals';
import { serviceDiagram } from '../../src/documents/diagrams/service-diagram.ts';
import { servicesDiagram } from '../../src/documents/diagrams/services-diagram.ts';
import { wayDiagram } from '../../src/documents/diagrams/way-diagram.ts';
import { afterTheEnd, untilTheEnd } from '../../src/documents/diagrams/whole-diagrams.ts';
import { label } from '../../src/documents/mermaid/label.ts';
import { waysOf } from '../../src/ways/ways.ts';
import { mapOf, smallTrade, smallTradeEvents } from '../ways/small-trade.ts';

const map = mapOf(smallTrade, smallTradeEvents);
const ways = waysOf(map);
const [good, , refused] = ways;
const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());

describe('the diagram of the services', () => {
  it('draws solid what goes well and dotted what does not, with one line for the events between two services', () => {
    expect(lines(servicesDiagram(map))).toEqual([
      'flowchart LR',
      'begin([Book])',
      'begin --> bookings',
      'bookings -- Booked --> seats',
      'seats -- Held --> money',
      'money -- Paid --> bookings',
      'bookings -. Cancelled .-> seats',
      'seats -. "Full<br/>Freed" .-> bookings',
      'money -. Refused .-> seats',
    ]);
  });
});

describe('the diagram of a service', () => {
  it('joins what leads to the same, and gives calls and timers a shape of their own', () => {
    const seats = map.services.find(({ name }) => name === 'seats');
    const drawn = lines(serviceDiagram(map, seats as NonNullable<typeof seats>));
    expect(drawn).toEqual(
      expect.arrayContaining([
        'Refused("Refused<br/>Cancelled")',
        'Refused --> Free',
        'Free[[Free]]:::seats',
        'Again{{Again}}:::seats',
        'Booked_says("Held<br/>Full"):::seats',
        'Booked -- "1 s" --> Booked_says',
      ]),
    );
  });
});

describe('the diagram of a way', () => {
  it('has a lane for each service, deadlines, calls and the end', () => {
    expect(lines(wayDiagram(map, good as NonNullable<typeof good>)).slice(1)).toEqual([
      'sequenceDiagram',
      'actor person as a person',
      'participant bookings',
      'participant seats',
      'participant money',
      'person->>bookings: Book',
      'bookings-)seats: Booked (1 s)',
      'seats-)money: Held (2 s)',
      'Note over money: call Take',
      'money-)bookings: Paid (5 s)',
      'Note over bookings: Ready: the order has ended',
    ]);
  });

  it('shades what goes wrong', () => {
    const drawn = lines(wayDiagram(map, refused as NonNullable<typeof refused>));
    expect(drawn.slice(drawn.findIndex((line) => line.startsWith('rect ')) + 1)).toEqual([
      'money--)seats: Refused',
      'Note over seats: call Free',
      'seats--)bookings: Freed',
      'Note over bookings,seats: Cancelled: the order has ended',
      'end',
    ]);
  });
});

describe('the diagrams of the whole', () => {
  it('have each step once: solid if an order that goes well takes it', () => {
    const drawn = lines(untilTheEnd(map, ways));
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(drawn).toEqual(expect.arrayContaining(['money_Take --> Paid', 'money_Take -.-> Refused']));
  });

  it('show behind the end how a refusal is overcome', () => {
    const drawn = lines(afterTheEnd(map, ways));
    expect(drawn).toEqual(
      expect.arrayContaining(['seats_Free -.-> NotFreed', 'seats_Again -.-> seats_Free', 'seats_SayFreed -.-> Freed']),
    );
  });
});

describe('a label', () => {
  it('keeps what Mermaid would read as its own language', () => {
    expect(label(['end (30 s)'])).toBe('"end (30 s)"');
    expect(label(['say "no"'])).toBe('"say #quot;no#quot;"');
  });
});
