import { countsOf, styles } from './orders.ts';
import type { EndedOrder, Round } from './rounds.ts';

/** What is wrong with the rounds, as sentences: with one of them, the run has no figures. */
export function faultsOf(rounds: readonly Round[], timesTold: (orderId: string) => number): string[] {
  const orders = rounds.flatMap((round) => round.orders);
  return [...wrongEnds(orders), ...wrongTelling(orders, timesTold), ...differentEnds(rounds)];
}

function wrongEnds(orders: readonly EndedOrder[]): string[] {
  return orders
    .filter(({ end, expected }) => end !== expected)
    .map(({ orderId, end, expected }) => `Order ${orderId} ended as ${end}, and had to end as ${expected}.`);
}

function wrongTelling(orders: readonly EndedOrder[], timesTold: (orderId: string) => number): string[] {
  return orders
    .filter(({ orderId }) => timesTold(orderId) !== 1)
    .map(({ orderId }) => `The customer of order ${orderId} was told of its end ${timesTold(orderId)} times.`);
}

/** The same orders come to the same ends, however they are run. */
function differentEnds(rounds: readonly Round[]): string[] {
  const [one, other] = styles.map((style) => {
    const orders = rounds.filter((round) => round.style === style).flatMap((round) => round.orders);
    return JSON.stringify(countsOf(orders.map(({ end }) => end)));
  });
  return one === other ? [] : [`The customers see different ends in the two styles: ${one} and ${other}.`];
}
