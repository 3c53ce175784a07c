import {
  createLog,
  KafkaClient,
  projectionDatabases,
  Readiness,
  readConfig,
  recordReader,
} from '@troupe/chassis/internal';
import { createCodec } from '@troupe/schemas';
import { readChoreography } from './choreography.ts';
import { consoleService } from './console.ts';
import { type Rebuilt, rebuild } from './reading/rebuild/rebuild.ts';
import { summarize } from './saga/summary/summarize.ts';

export { RebuildUnderWay } from './reading/rebuild/rebuild.ts';

export interface RebuildWatcher {
  readonly signal: AbortSignal;
  /** Records that are read, of those that stood in the topics when it began. */
  progress(records: { readonly done: bigint; readonly of: bigint }): void;
  /** What does not answer, in a sentence each; it is waited for. */
  waiting(reasons: readonly string[]): void;
}

/** A vacuum of the new tables says nothing until it is done. */
const SILENCE_MS = 600_000;

/**
 * Makes the console's projection anew from the topics, with the environment of the console; see `reading/rebuild`.
 * @throws ConfigError with every fault of the environment; RebuildUnderWay
 */
export async function rebuildConsole(
  env: Readonly<Record<string, string | undefined>>,
  { signal, progress, waiting }: RebuildWatcher,
): Promise<Rebuilt> {
  const { name, settings, topics } = consoleService;
  const config = readConfig(settings, env);
  const { kafkaBrokers: brokers, topicPrefix, databaseUrl, registryUrl } = config;
  const log = createLog(`${name}-rebuild`, config);
  const readiness = new Readiness();
  const databases = projectionDatabases(consoleService, databaseUrl, SILENCE_MS);
  const kafka = new KafkaClient({
    brokers,
    clientId: `troupe-${name}-rebuild`,
    codec: config.kafkajsCodec,
    readiness,
    log,
  });
  try {
    return await rebuild({
      database: databases.database,
      transactions: databases.transactions,
      kafka,
      readiness,
      topics: topics.map((topic) => `${topicPrefix}${topic}`),
      groupId: `${topicPrefix}${name}`,
      choreography: readChoreography(),
      summarize,
      read: recordReader({ codec: createCodec({ registryUrl }), readiness, log }, signal),
      log,
      signal,
      progress(records) {
        progress(records);
        waiting(Object.values(readiness.reasons));
      },
    });
  } finally {
    await databases.close();
  }
}
