import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const home = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, home), 'utf8');
const services = ['order', 'payment', 'inventory', 'shipping', 'notification'];

describe('the house', () => {
  it.each(services)(
    '%s depends on the chassis, schemas and its own database, and on no other package of ours',
    (name) => {
      const { dependencies } = JSON.parse(read(`services/${name}/package.json`)) as { dependencies: object };
      const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@troupe/'));
      expect(ours.sort()).toEqual(['@troupe/chassis', `@troupe/${name}-database`, '@troupe/schemas'].sort());
    },
  );

  it.each(services)("%s has the chassis' tables as the chassis has them", (name) => {
    const migrations = readdirSync(new URL('prisma/chassis/migrations/', home));
    for (const file of ['chassis.prisma', ...migrations.map((folder) => `migrations/${folder}/migration.sql`)]) {
      expect(read(`prisma/${name}/${file}`)).toBe(read(`prisma/chassis/${file}`));
    }
  });

  it.each(services)('%s has a main that fits on a screen', (name) => {
    expect(read(`services/${name}/src/main.ts`).split('\n').length).toBeLessThanOrEqual(25);
  });
});
