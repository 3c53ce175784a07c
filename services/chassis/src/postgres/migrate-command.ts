import { MigrationError, migrate } from './migrate.ts';

// `DATABASE_URL=… npm run migrate --workspace @troupe/chassis`: a step of a deployment, before the services start. Several
// databases are separated by spaces. The role of each URL owns its database.

const urls = (process.env.DATABASE_URL ?? '').split(/\s+/).filter((url) => url !== '');
if (urls.length === 0) {
  console.error(
    'DATABASE_URL is not set. It is the database of a service: postgresql://role:password@host:5432/database',
  );
  process.exitCode = 1;
}
for (const outcome of await Promise.allSettled(urls.map((url) => migrated(url)))) {
  if (outcome.status === 'fulfilled') console.log(outcome.value);
  else {
    const { reason } = outcome;
    console.error(reason instanceof MigrationError ? reason.message : reason);
    process.exitCode = 1;
  }
}

async function migrated(url: string): Promise<string> {
  const names = await migrate(url);
  const database = new URL(url).pathname.slice(1);
  return names.length === 0 ? `${database} is up to date.` : `${database}: ${names.join(', ')}.`;
}
