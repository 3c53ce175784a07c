// Copies the chassis' tables into every service's schema and migrations, so that each database stands alone for
// `prisma migrate deploy`. A test keeps the copies equal.
import { cpSync, readdirSync } from 'node:fs';

const home = new URL('.', import.meta.url);
for (const service of readdirSync(home, { withFileTypes: true })) {
  if (!service.isDirectory() || service.name === 'chassis') continue;
  cpSync(new URL('chassis/', home), new URL(`${service.name}/`, home), { recursive: true });
}
