// Prints the folder of a download, kafka, registry or connect, after it was fetched when it was missing. Those of the stack without
// Docker, from the same cache.
import { fetchDownload, folderOf, isThere } from '../../embedded/dist/downloads/fetch.js';
import { connectDownload, kafkaDownload, registryDownload } from '../../embedded/dist/downloads/parts.js';
import { settingsFrom } from '../../embedded/dist/settings.js';

const download = { kafka: kafkaDownload, registry: registryDownload, connect: connectDownload }[process.argv[2]];
const { cacheDir } = settingsFrom(process.env);
if (!isThere(cacheDir, download)) {
  const signal = new AbortController().signal;
  await fetchDownload(download, { cacheDir, maven: 'mvn', update: () => undefined, signal });
}
console.log(folderOf(cacheDir, download));
