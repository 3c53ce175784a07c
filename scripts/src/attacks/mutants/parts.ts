import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectHome } from '@troupe/embedded';
import { serviceNames } from '@troupe/services';

/** Code that is looked at together, and what may find its mutants. */
export interface Part {
  readonly name: string;
  /** Files whose mutants are made. */
  readonly mutate: readonly string[];
  /** Test files, quick ones first: a mutant is asked about in this order, until one of them fails. */
  readonly tests: readonly string[];
  /** Services whose sources are read from the sandbox; others are as they were built. */
  readonly services: readonly string[];
  /** A module of this part remembers something: everything is loaded anew for each mutant. */
  readonly anew: boolean;
}

const EVERYBODY = ['chassis', ...serviceNames, 'simulation'];
/** The production rules and runtime, on a database and a broker in memory. */
const SIMULATION = 'services/simulation/test/quick.unit.test.ts';

function service(name: string, sources: readonly string[], tests: readonly string[]): Part {
  return {
    name,
    mutate: sources.map((file) => `services/${name}/src/${file}.ts`),
    tests: tests.map((file) => `services/${name}/test/${file}.test.ts`),
    services: [name],
    anew: name === 'notification',
  };
}

function chassis(name: string, sources: readonly string[], tests: readonly string[]): Part {
  return {
    name,
    mutate: sources.map((file) => `services/chassis/src/${file}.ts`),
    tests: tests.map((file) => `services/chassis/test/${file}.test.ts`),
    services: ['chassis'],
    anew: false,
  };
}

const shop: readonly Part[] = [
  service(
    'order',
    ['order', 'rules', 'money', 'pricing', 'progress', 'fulfilment', 'conducting', 'stands-at', 'reactions'],
    ['order.unit', 'heard-again.unit', 'progress.unit', 'conducting.unit', 'pricing.unit', 'stands-at.unit'],
  ),
  service(
    'payment',
    ['payment', 'charging', 'refunding', 'undoing', 'reactions'],
    ['payment.unit', 'orchestrated.unit', 'payment.property', 'styles.property'],
  ),
  service(
    'inventory',
    ['inventory', 'stock', 'reactions'],
    ['inventory.unit', 'orchestrated.unit', 'inventory.property'],
  ),
  service(
    'shipping',
    ['shipment', 'booking', 'cancelling', 'reactions'],
    ['shipment.unit', 'orchestrated.unit', 'shipment.property'],
  ),
  service('notification', ['notification', 'letters', 'reactions'], ['notification.unit', 'letters.unit']),
];

/** A service that is not among them is looked at where it has quick tests: `points.ts` with `points.unit.test.ts`. */
const others = serviceNames.filter((name) => !shop.some((part) => part.name === name)).map(byItsTests);

function byItsTests(name: string): Part {
  const folder = path.join(projectHome, 'services', name);
  const tests = readdirSync(path.join(folder, 'test')).flatMap(
    (file) => /^.+\.(?:unit|property)(?=\.test\.ts$)/.exec(file) ?? [],
  );
  const sources = [...new Set([...tests.map((test) => test.replace(/\.\w+$/, '')), 'reactions'])];
  return service(
    name,
    sources.filter((source) => existsSync(path.join(folder, 'src', `${source}.ts`))),
    tests,
  );
}

const simulated = (part: Part): Part => ({ ...part, tests: [...part.tests, SIMULATION], services: EVERYBODY });

export const PARTS: readonly Part[] = [
  ...shop,
  ...others,
  chassis(
    'saga',
    ['saga/conduct', 'saga/definition', 'saga/passage', 'compensation'],
    ['saga.unit', 'saga-log.unit', 'saga.property'],
  ),
  simulated(
    chassis(
      'inbox',
      [
        'batch',
        'unit-of-work',
        'keep-aside',
        'letters',
        'held-keys',
        'intake',
        'kafka/handled-offsets',
        'kafka/offset-committer',
        'retention/inbox-rule',
      ],
      [
        'unit-of-work.unit',
        'letters.unit',
        'intake.unit',
        'event-size.unit',
        'kafka-handled-offsets.unit',
        'kafka-offset-committer.unit',
        'retention-inbox.unit',
      ],
    ),
  ),
  chassis(
    'outbox',
    ['store/outbox', 'store/dead-letter-outbox', 'relay/outbox-record', 'relay/dead-letter-record'],
    ['event-size.unit', 'outbox-rows.unit', 'relay-outbox-record.unit', 'relay-dead-letter-record.unit'],
  ),
  chassis(
    'relay',
    ['relay/pending', 'relay/shipment', 'relay/transactions', 'relay/send', 'relay/lsn', 'relay/wire'],
    ['relay-pending.unit', 'relay-shipment.unit', 'relay-wire.unit', 'relay-send-span.unit'],
  ),
];
