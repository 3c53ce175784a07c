import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LayoutInput, PlacedEdge } from '../../web/src/map/layout/input.ts';
import { layoutOf } from '../../web/src/map/layout/layout.ts';
import { cover, crosses, overlap, piecesOf } from './geometry.ts';

const SERVICES = ['order', 'payment', 'inventory', 'shipping', 'notification', 'loyalty', 'fraud'];
const KINDS = ['there', 'there', 'back', 'person', 'informs'] as const;
const NAME = fc.constantFrom(
  'Paid',
  'OrderCreated',
  'PaymentApprovalRequired',
  'LoyaltyPointsWithdrawnBecauseOfRefund',
);

/** Tables of any shape: who says an event, who hears it, and as what, is drawn. */
const inputs: fc.Arbitrary<LayoutInput> = fc
  .record({
    services: fc.integer({ min: 1, max: SERVICES.length }),
    begins: fc.integer({ min: 0, max: SERVICES.length - 1 }),
    said: fc.array(
      fc.record({
        name: NAME,
        owner: fc.nat(),
        undo: fc.boolean(),
        heard: fc.uniqueArray(
          fc.record({ by: fc.nat({ max: SERVICES.length - 1 }), kind: fc.constantFrom(...KINDS) }),
          {
            selector: ({ by }) => by,
            maxLength: 6,
          },
        ),
      }),
      { maxLength: 14 },
    ),
    withInforming: fc.boolean(),
  })
  .map(({ services, begins, said, withInforming }) => {
    const names = SERVICES.slice(0, services);
    const at = (index: number) => names[index % names.length] ?? '';
    const events = said.map(({ name, owner, undo }, index) => ({
      name: `${name}${index}`,
      owner: at(owner),
      ...(undo && index > 0 && { undoneBy: `${said[index - 1]?.name}${index - 1}` }),
    }));
    const edges = said.flatMap(({ heard, owner, name }, index): PlacedEdge[] => {
      const readers = new Map(heard.map(({ by, kind }) => [at(by), kind]));
      return [...readers].map(([to, kind]) => ({ event: `${name}${index}`, from: at(owner), to, kind }));
    });
    const begin = (name: string) => ({
      service: name,
      hears: { kind: 'command', name: 'Begin' },
      emits: [],
      starts: [],
      begins: `${said[0]?.name}0`,
    });
    const rows = (name: string) => [
      ...(name === at(begins) ? [begin(name)] : []),
      ...said.flatMap(({ name: heard, heard: by }, index) => {
        const emits = events.slice(index + 1, index + 3).filter(({ owner }) => owner === name);
        const hears = by.some((reader) => at(reader.by) === name);
        const message = { kind: 'event', name: `${heard}${index}` };
        return hears ? [{ service: name, hears: message, emits: emits.map((event) => event.name), starts: [] }] : [];
      }),
    ];
    return {
      choreography: choreography(
        names.map((name) => ({ name, rows: rows(name) })),
        events,
      ),
      edges,
      withInforming,
    };
  });

const choreography = (services: readonly unknown[], events: readonly unknown[]) =>
  ({ services, events }) as unknown as LayoutInput['choreography'];

const holds = (rule: (input: LayoutInput) => void) => fc.assert(fc.property(inputs, rule), { numRuns: 300 });
const pairs = <T>(all: readonly T[]) => all.flatMap((a, index) => all.slice(index + 1).map((b) => [a, b] as const));

describe('The map of any tables', () => {
  it('has every service once, and none upon another', () => {
    holds((input) => {
      const { nodes } = layoutOf(input);
      expect(nodes.map(({ service }) => service).sort()).toEqual(
        input.choreography.services.map(({ name }) => name).sort(),
      );
      for (const [a, b] of pairs(nodes)) expect(overlap(a, b)).toBe(false);
    });
  });

  it('has no name upon another, upon a service, or outside', () => {
    holds((input) => {
      const { nodes, wires, width, height } = layoutOf(input);
      for (const [a, b] of pairs(wires))
        expect([a.id, b.id, overlap(a.label.box, b.label.box)]).toEqual([a.id, b.id, false]);
      for (const { id, label } of wires) {
        for (const node of nodes)
          expect([id, node.service, overlap(label.box, node)]).toEqual([id, node.service, false]);
        const { box } = label;
        expect([id, box.x >= 0, box.y >= 0, box.x + box.width <= width, box.y + box.height <= height]).toEqual([
          id,
          true,
          true,
          true,
          true,
        ]);
      }
    });
  });

  it('leads no line through a name', () => {
    holds((input) => {
      const layout = layoutOf(input);
      const pieces = piecesOf(layout);
      for (const { id, label } of layout.wires) {
        expect([id, pieces.filter((piece) => crosses(piece, label.box)).map(({ wire }) => wire)]).toEqual([id, []]);
      }
    });
  });

  it('leads no two lines along the same way', () => {
    holds((input) => {
      const shared = pairs(piecesOf(layoutOf(input))).filter(([a, b]) => a.wire !== b.wire && cover(a, b));
      expect(shared).toEqual([]);
    });
  });

  it('leads every line from who says it to who hears it', () => {
    holds((input) => {
      const { nodes, wires } = layoutOf(input);
      for (const { branches } of wires) {
        for (const { edge, points } of branches) {
          for (const [service, point] of [
            [edge.from, points[0]],
            [edge.to, points.at(-1)],
          ] as const) {
            const node = nodes.find((candidate) => candidate.service === service);
            const [x = -1, y = -1] = point ?? [];
            const touches = node && x >= node.x && x <= node.x + node.width && y >= node.y && y <= node.y + node.height;
            expect([edge, service, touches]).toEqual([edge, service, true]);
          }
        }
      }
    });
  });

  it('is the same, whatever the order in which edges are named', () => {
    holds((input) => {
      const reversed = { ...input, edges: [...input.edges].reverse() };
      expect(layoutOf(reversed)).toEqual(layoutOf(input));
    });
  });

  it('keeps every service in its column, with and without the edges that only inform', () => {
    holds((input) => {
      const [all, fewer] = [true, false].map((withInforming) => layoutOf({ ...input, withInforming }).nodes);
      expect(all?.map(({ service, x, width, below }) => ({ service, x, width, below }))).toEqual(
        fewer?.map(({ service, x, width, below }) => ({ service, x, width, below })),
      );
    });
  });
});
