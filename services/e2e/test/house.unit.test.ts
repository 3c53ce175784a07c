import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/services';

const home = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, home), 'utf8');

describe('the house', () => {
  it.each(serviceNames)(
    '%s depends on the chassis, schemas, its own database and the words of the shop, and on no other package of ours',
    (name) => {
      const { dependencies } = JSON.parse(read(`services/${name}/package.json`)) as { dependencies: object };
      const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@troupe/'));
      expect(ours.filter((dependency) => dependency !== '@troupe/shop').sort()).toEqual(
        ['@troupe/chassis', `@troupe/${name}-database`, '@troupe/schemas'].sort(),
      );
    },
  );

  it.each(serviceNames)("%s leaves the chassis' tables to the chassis: its Prisma schema has only its own", (name) => {
    const files = readdirSync(new URL('services/chassis/migrations/', home));
    const sql = files.map((file) => read(`services/chassis/migrations/${file}`)).join('\n');
    const tables = [...sql.matchAll(/CREATE TABLE chassis\.(\w+)/g)].map(([, table]) => table);
    expect(tables).toEqual(expect.arrayContaining(['outbox', 'inbox', 'task', 'dead_letter']));
    const own = [...read(`prisma/${name}/schema.prisma`).matchAll(/@@map\("(\w+)"\)/g)].map(([, table]) => table);
    expect(own.filter((table) => tables.includes(table))).toEqual([]);
  });

  it.each(serviceNames)('%s has a main that fits on a screen', (name) => {
    expect(read(`services/${name}/src/main.ts`).split('\n').length).toBeLessThanOrEqual(25);
  });
});
