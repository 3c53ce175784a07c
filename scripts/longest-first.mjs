import Sequencer from '@jest/test-sequencer';

/** Parts of the names of the test files that take a minute and more, mostly waiting; the longest first. */
const LONGEST = [
  'e2e/test/outages.e2e',
  'scripts/test/failpoints.e2e',
  'scripts/test/chaos.e2e',
  'e2e/test/orchestrated-failures.e2e',
  'chassis/test/outbox/relay-outage.int',
  'e2e/test/orchestrated-failover.e2e',
  'audit/test/audit.int',
  'e2e/test/debezium.e2e',
  'chassis/test/outbox/relay-contract-debezium.int',
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
