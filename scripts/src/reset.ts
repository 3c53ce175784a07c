import { settingsFrom, wipeCache, wipeCompose, wipeData } from '@troupe/embedded';
import { reporter, runCommand } from './terminal/command.ts';
import { readOptions } from './terminal/options.ts';

const usage = `Usage: npm run reset [-- --cache] [-- --docker]

Deletes the data. Refuses while Troupe runs.
  --cache    deletes the downloads as well
  --docker   deletes the containers of npm start -- --docker and their data`;

await runCommand(async () => {
  const { cache, docker } = readOptions(usage, {
    cache: { type: 'boolean', default: false },
    docker: { type: 'boolean', default: false },
  });
  const report = reporter();
  const settings = settingsFrom(process.env, docker ? '.troupe/data-docker' : '.troupe/data');
  const deleted = await wipeData(settings.dataDir, report);
  if (docker) await wipeCompose(settings);
  if (cache) deleted.push(...wipeCache(settings.cacheDir));
  report.note(deleted.length === 0 ? 'There is nothing to delete.' : `Deleted: ${deleted.join(', ')}`);
});
