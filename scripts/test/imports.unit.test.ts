import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectHome } from '@troupe/embedded';

const CRUISER = path.join(projectHome, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** A tree with the rules of this repository, in which each is broken in every way that it knows. */
const FILES: Readonly<Record<string, string>> = {
  'services/order/package.json': '{ "troupe": { "port": 3001 } }',
  'services/payment/package.json': '{ "troupe": { "port": 3002 } }',
  'services/payment/dist/index.js': '',
  'schemas/src/index.ts': '',
  'node_modules/kafkajs/package.json': '{ "main": "index.js" }',
  'node_modules/kafkajs/index.js': '',

  'services/order/src/main.ts': `
    import { run } from '@troupe/chassis';
    import { OrderCreated } from '@troupe/schemas';
    import { PrismaClient } from '@troupe/order-database';
    import express from 'express';
    import { rules } from './rules.ts';`,
  'services/order/src/rules.ts': '',
  'services/order/test/rules.unit.test.ts': "import { Kafka } from 'kafkajs';",
  'services/chassis/src/kafka/client.ts':
    "import { Kafka } from 'kafkajs'; import { OrderCreated } from '@troupe/schemas';",
  'infra/embedded/src/topics.ts': "import { Kafka } from 'kafkajs'; import { rules } from '@troupe/order';",

  'services/order/src/asks-payment.ts': "import type { Payment } from '@troupe/payment';",
  'services/order/src/reaches-into-payment.ts': "import { Payment } from '@troupe/payment/dist/index.js';",
  'services/order/src/asks-shipping.ts': "import { shipping } from '@troupe/shipping';",
  'services/order/src/reads-payment.ts': "import { Payment } from '../../payment/src/payment.ts';",
  'services/payment/src/payment.ts': '',
  'services/payment/src/reads-order.ts': "import { PrismaClient } from '@troupe/order-database';",
  'services/payment/src/starts-a-stack.ts': "import { startStack } from '@troupe/embedded';",
  'services/payment/src/hears.ts': "import { Kafka } from 'kafkajs';",
  'services/chassis/src/knows-order.ts': "import { order } from '@troupe/order';",
  'services/chassis/src/starts-a-stack.ts': "import { startStack } from '@troupe/embedded';",
  'services/chassis/src/outbox/sends.ts': "import { Kafka } from 'kafkajs';",
  'services/shop/src/asks-order.ts': "import { order } from '@troupe/order';",
  'infra/audit/src/looks-inside.ts': "import { PrismaClient } from '@troupe/order-database';",
  'scripts/src/looks-inside.ts': "import { rules } from '../../services/order/src/rules.ts';",
  'scripts/src/hen.ts': "import type { Egg } from './egg.ts';",
  'scripts/src/egg.ts': "export { hen } from './hen.ts';",

  'services/chassis/src/rules/decision.ts': '',
  'services/chassis/src/rules/asks.ts': "import { client } from '../kafka/client.ts';",
  'services/chassis/src/kafka/reads.ts':
    "import { decided } from '../rules/decision.ts'; import { all } from '../index.ts';",
  'services/chassis/src/index.ts': '',
};

/** Each test runs a program. */
const WITHIN_MS = 60_000;

let tree: string;
beforeAll(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'troupe-test-imports-'));
  for (const file of ['.dependency-cruiser.mjs', 'infra/services/find.mjs']) {
    cpSync(path.join(projectHome, file), path.join(tree, file));
  }
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(tree, file), text);
  }
  mkdirSync(path.join(tree, 'node_modules/@troupe'));
  symlinkSync(path.join(tree, 'services/payment'), path.join(tree, 'node_modules/@troupe/payment'));
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

describe('the rules of imports', () => {
  it(
    'find each breach, and nothing else',
    () => {
      const folders = ['services', 'schemas', 'infra', 'scripts'];
      const args = [CRUISER, '--output-type', 'json', ...folders];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
      expect(stderr).toBe('');
      const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
      const found = summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`);
      expect(found.sort()).toEqual(
        [
          'service-stands-alone: services/order/src/asks-payment.ts → @troupe/payment',
          'service-stands-alone: services/order/src/asks-shipping.ts → @troupe/shipping',
          'service-stands-alone: services/order/src/reaches-into-payment.ts → services/payment/dist/index.js',
          'service-stands-alone: services/order/src/reads-payment.ts → services/payment/src/payment.ts',
          'service-stands-alone: services/payment/src/reads-order.ts → @troupe/order-database',
          'service-stands-alone: services/payment/src/starts-a-stack.ts → @troupe/embedded',
          'chassis-knows-schemas-only: services/chassis/src/knows-order.ts → @troupe/order',
          'chassis-knows-schemas-only: services/chassis/src/starts-a-stack.ts → @troupe/embedded',
          'shop-has-words-only: services/shop/src/asks-order.ts → @troupe/order',
          'database-of-its-own: infra/audit/src/looks-inside.ts → @troupe/order-database',
          'kafkajs-has-one-place: services/chassis/src/outbox/sends.ts → node_modules/kafkajs/index.js',
          'kafkajs-has-one-place: services/payment/src/hears.ts → node_modules/kafkajs/index.js',
          'packages-by-their-name: scripts/src/looks-inside.ts → services/order/src/rules.ts',
          'packages-by-their-name: services/order/src/reaches-into-payment.ts → services/payment/dist/index.js',
          'packages-by-their-name: services/order/src/reads-payment.ts → services/payment/src/payment.ts',
          'no-circles: scripts/src/egg.ts → scripts/src/hen.ts',
          'room-kafka: services/chassis/src/kafka/reads.ts → services/chassis/src/index.ts',
          'room-rules: services/chassis/src/rules/asks.ts → services/chassis/src/kafka/client.ts',
        ].sort(),
      );
    },
    WITHIN_MS,
  );

  it(
    'end with an error when there is a breach, so that npm run lint fails',
    () => {
      const { status } = spawnSync(process.execPath, [CRUISER, 'infra'], { cwd: tree });
      expect(status).toBe(1);
    },
    WITHIN_MS,
  );
});
