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
const SIMULATION = 'services/simulation/test/quick.property.test.ts';

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
    [
      'domain/order',
      'domain/rules',
      'domain/money',
      'domain/pricing',
      'domain/progress',
      'domain/fulfilment',
      'orchestrated/orchestrating',
      'read/order-progress',
      'reactions',
    ],
    ['order.unit', 'heard-again.unit', 'progress.unit', 'orchestrating.unit', 'pricing.unit', 'order-progress.unit'],
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
  service('notification', ['notification', 'emails', 'reactions'], ['notification.unit', 'emails.unit']),
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
    ['rules/saga/orchestrator', 'rules/saga/definition', 'rules/saga/transition', 'rules/compensation'],
    ['rules/saga/saga.unit', 'rules/saga/log.unit', 'rules/compensation.unit', 'rules/saga/saga.property'],
  ),
  simulated(
    chassis(
      'inbox',
      [
        'batch/batch',
        'batch/unit-of-work/*',
        'dead-letters/dead-letter',
        'dead-letters/dead-letters',
        'dead-letters/parked-keys',
        'incoming/intake',
        'kafka/consumer/handled-offsets',
        'kafka/consumer/offset-committer',
        'retention/inbox-rule',
      ],
      [
        'batch/unit-of-work.unit',
        'dead-letters/dead-letters.unit',
        'incoming/intake.unit',
        'batch/event-size.unit',
        'kafka/consumer/handled-offsets.unit',
        'kafka/consumer/offset-committer.unit',
        'retention/inbox.unit',
      ],
    ),
  ),
  chassis(
    'outbox',
    ['tables/outbox', 'tables/dead-letters/outbox', 'outbox/outbox-record', 'outbox/dead-letter-record'],
    ['batch/event-size.unit', 'tables/outbox-rows.unit', 'outbox/outbox-record.unit', 'outbox/dead-letter-record.unit'],
  ),
  chassis(
    'relay',
    [
      'outbox/pending',
      'outbox/publisher',
      'outbox/replication/transactions',
      'outbox/send',
      'outbox/replication/lsn',
      'outbox/replication/wire',
    ],
    ['outbox/pending.unit', 'outbox/publisher.unit', 'outbox/wire.unit', 'outbox/send-span.unit'],
  ),
];
