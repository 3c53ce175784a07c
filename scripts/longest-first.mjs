import Sequencer from '@jest/test-sequencer';

/** Parts of the names of the test files that take a minute and more, mostly waiting; the longest first. */
const LONGEST = [
  'scripts/test/failpoints.attack',
  'e2e/test/outages.attack',
  'scripts/test/chaos.attack',
  'e2e/test/orchestrated-failures.attack',
  'outbox/relay-outage.attack',
  'e2e/test/orchestrated-failover.attack',
  'audit/test/audit.attack',
  'e2e/test/debezium.attack',
  'outbox/relay-contract-debezium.attack',
  'kafka/contract-stock.attack',
  'kafka/contract-fast.int',
  'e2e/test/stories.e2e',
  'simulation/test/seeds.property',
];

/**
 * Begins the files that take longest first, so that none of them runs alone at the end. jest knows how long a file took the
 * last time, but a fresh checkout has no last time.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => {
      const place = LONGEST.findIndex((part) => path.includes(part));
      return place === -1 ? LONGEST.length : place;
    };
    return super.sort(tests).sort((left, right) => placeOf(left) - placeOf(right));
  }
}
