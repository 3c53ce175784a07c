import { countBy } from '../measure/statistics.ts';
import { type Style, styles } from './orders.ts';
import type { EndedOrder } from './rounds.ts';

interface Played {
  readonly style: Style;
  readonly orders: readonly EndedOrder[];
}

/** What is wrong with rounds, as sentences: with one of them, the run has no figures. */
export function faultsOf(played: readonly Played[], timesNotified: (orderId: string) => number): string[] {
  const orders = played.flatMap((round) => round.orders);
  return [...wrongEnds(orders), ...wrongNotifications(orders, timesNotified), ...differentEnds(played)];
}

function wrongEnds(orders: readonly EndedOrder[]): string[] {
  return orders
    .filter(({ end, expected }) => end !== expected)
    .map(({ orderId, end, expected }) => `Order ${orderId} ended as ${end}, and had to end as ${expected}.`);
}

function wrongNotifications(orders: readonly EndedOrder[], timesNotified: (orderId: string) => number): string[] {
  return orders
    .filter(({ orderId }) => timesNotified(orderId) !== 1)
    .map(({ orderId }) => `The customer of order ${orderId} was told of its end ${timesNotified(orderId)} times.`);
}

/** The same orders come to the same ends, however they are run. */
function differentEnds(played: readonly Played[]): string[] {
  const [one, other] = styles.map((style) => {
    const orders = played.filter((round) => round.style === style).flatMap((round) => round.orders);
    return JSON.stringify(countBy(orders.map(({ end }) => end).sort()));
  });
  return one === other ? [] : [`The customers see different ends in the two styles: ${one} and ${other}.`];
}
