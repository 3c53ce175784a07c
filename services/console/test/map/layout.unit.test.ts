import { describe, expect, it } from '@jest/globals';
import { drawnEdges } from '../../web/src/map/layout/drawn-edges.ts';
import { layoutOf } from '../../web/src/map/layout/layout.ts';
import { mapView, withLoyalty } from '../pages/fixture/map.ts';

const today = layoutOf({ ...mapView, withInforming: false });
const wire = (event: string, to: string, layout = today) =>
  layout.wires.flatMap(({ branches }) => branches).find(({ edge }) => edge.event === event && edge.to === to);

describe('The map of today', () => {
  it('has the services on the way in its order along the middle, and whoever is only told below', () => {
    const along = today.nodes.filter(({ below }) => !below).sort((a, b) => a.x - b.x);
    expect(along.map(({ service }) => service)).toEqual(['order', 'payment', 'inventory', 'shipping']);
    expect(today.nodes.filter(({ below }) => below).map(({ service }) => service)).toEqual(['notification']);
  });

  it('leads there above the middle, and back below it', () => {
    for (const { branches } of today.wires) {
      for (const { edge, points } of branches) {
        const middle = points[Math.floor(points.length / 2)]?.[1] ?? 0;
        const above = edge.kind === 'there' && edge.to !== 'notification';
        expect([edge.event, edge.to, middle < today.middle]).toEqual([edge.event, edge.to, above]);
      }
    }
  });

  it('leads straight from neighbour to neighbour', () => {
    for (const [event, to] of [
      ['OrderCreated', 'payment'],
      ['PaymentCompleted', 'inventory'],
      ['InventoryReserved', 'shipping'],
      ['PaymentFailed', 'order'],
      ['InventoryFailed', 'payment'],
      ['ShipmentFailed', 'inventory'],
    ] as const) {
      expect([event, wire(event, to)?.points.length]).toEqual([event, 2]);
    }
  });

  it('draws an event with several readers as one line that branches', () => {
    const cancelled = today.wires.filter(({ event }) => event === 'OrderCancelled');
    expect(cancelled.map(({ branches }) => branches.map(({ edge }) => edge.to))).toEqual([
      ['notification', 'payment', 'inventory', 'shipping'],
    ]);
  });

  it('fits beside nothing at 1280 pixels', () => {
    expect(today.width).toBeLessThanOrEqual(1280);
  });

  it('shows the edges that only inform when they are asked for', () => {
    const all = layoutOf({ ...mapView, withInforming: true });
    expect(wire('PaymentCompleted', 'order')).toBeUndefined();
    expect(wire('PaymentCompleted', 'order', all)).toBeDefined();
  });
});

describe('A service that only hears', () => {
  const edges = mapView.edges.map((edge) =>
    edge.to === 'notification' ? { ...edge, kind: 'informs' as const } : edge,
  );
  const drawn = drawnEdges(mapView.choreography, edges);

  it('is told by lines that are not hidden, each as the rest of its event', () => {
    const told = drawn.filter(({ to }) => to === 'notification').map(({ event, kind }) => [event, kind]);
    expect(told).toEqual([
      ['OrderConfirmed', 'there'],
      ['PaymentApprovalRequired', 'person'],
      ['OrderCancelled', 'back'],
    ]);
  });

  it('leaves those of others that only inform', () => {
    expect(drawn.filter(({ kind }) => kind === 'informs').map(({ to }) => to)).toEqual(Array(5).fill('order'));
  });
});

describe('The map with a sixth service', () => {
  const six = layoutOf({ ...withLoyalty(mapView), withInforming: false });

  it('places loyalty below, in a column of its own', () => {
    const [notification, loyalty] = ['notification', 'loyalty'].map((name) =>
      six.nodes.find(({ service }) => service === name),
    );
    expect(loyalty?.below).toBe(true);
    expect(loyalty?.y).toBe(notification?.y);
    expect(loyalty?.x).toBeGreaterThan((notification?.x ?? 0) + (notification?.width ?? 0));
  });

  it('leaves the others where they were along the line', () => {
    const places = ({ nodes }: typeof six) => nodes.filter(({ below }) => !below).map(({ service, x }) => [service, x]);
    expect(places(six)).toEqual(places(today));
  });
});
