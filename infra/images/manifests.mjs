// Leaves of a project what `npm install` looks at, for the build of the images: manifests, without what only tests and linters
// use. That is half of all packages. Run in the copy that it changes: node infra/images/manifests.mjs
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOR_TESTS = [
  /^@(asyncapi|biomejs|jest|lezer|prometheus-io|swc|stryker-mutator|sparticuz)\//,
  /^jest(-|$)/,
  /^(axe-core|dclint|dependency-cruiser|fast-check|playwright-core)$/,
  /^@kafkajs\/confluent-schema-registry$/,
  /^@troupe\/embedded$/,
];

for (const file of readdirSync('.', { recursive: true, withFileTypes: true })) {
  if (!file.isFile() || file.name === 'package-lock.json') continue;
  const place = path.join(file.parentPath, file.name);
  if (file.name === 'package.json') withoutTests(place);
  else rmSync(place);
}

function withoutTests(place) {
  const manifest = JSON.parse(readFileSync(place, 'utf8'));
  for (const name of Object.keys(manifest.devDependencies ?? {})) {
    if (FOR_TESTS.some((pattern) => pattern.test(name))) delete manifest.devDependencies[name];
  }
  writeFileSync(place, `${JSON.stringify(manifest, undefined, 2)}\n`);
}
