import type { Origin } from '../feed/positions.ts';

/** Clocks of different machines, and the way from the database to the topic. */
const SLACK_MS = 60_000;
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Where the events of an order begin: its id, a UUIDv7, says when it was placed. Of any other text: anywhere. */
export function originOf(orderId: string): Origin {
  const [, high, low] = UUID_V7.exec(orderId) ?? [];
  return high === undefined ? 'oldest' : new Date(Number.parseInt(`${high}${low}`, 16) - SLACK_MS);
}
