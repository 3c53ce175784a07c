import { parseArgs } from 'node:util';
import { settingsFrom, wipeCache, wipeCompose, wipeData } from '@troupe/embedded';
import { reporter, runCommand } from './command.ts';

// npm run reset: deletes the data; with --cache also what was downloaded; with --docker the containers and their data.

const { values } = parseArgs({
  options: { cache: { type: 'boolean', default: false }, docker: { type: 'boolean', default: false } },
});

await runCommand(async () => {
  const report = reporter();
  const settings = settingsFrom(process.env, values.docker ? '.troupe/data-docker' : '.troupe/data');
  const deleted = await wipeData(settings.dataDir, report);
  if (values.docker) await wipeCompose(settings);
  if (values.cache) deleted.push(...wipeCache(settings.cacheDir));
  report.note(deleted.length === 0 ? 'There is nothing to delete.' : `Deleted: ${deleted.join(', ')}`);
});
