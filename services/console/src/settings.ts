import { type Config, setting } from '@troupe/chassis';
import { addressSettings } from './asking/services.ts';

const MINUTE_MS = 60_000;

const DAY_MS = 24 * 60 * MINUTE_MS;

const ownSettings = {
  recordRetentionMs: setting
    .retentionMs({
      is: 'how long ended sagas and their records are kept',
      min: MINUTE_MS,
      example: String(7 * DAY_MS),
    })
    .default(7 * DAY_MS),
  recordRetentionBytes: setting
    .wholeNumber({
      is: 'how many bytes of records are kept, as they came; in the database they take about two and a half times as much',
      min: 1_000_000,
      max: 1_000_000_000_000,
      example: '2000000000',
    })
    .default(2_000_000_000),
  spanRetentionMs: setting
    .wholeNumber({
      is: 'how long spans are kept at most, in milliseconds',
      min: MINUTE_MS,
      max: 7 * 24 * 60 * MINUTE_MS,
      example: String(60 * MINUTE_MS),
    })
    .default(60 * MINUTE_MS),
  spansKept: setting
    .wholeNumber({ is: 'how many spans are kept at most', min: 1_000, max: 100_000_000, example: '400000' })
    .default(400_000),
  spansForwardUrl: setting
    .url({
      is: 'where spans are sent on to as well, over OTLP/HTTP',
      schemes: ['http', 'https'],
      example: 'http://localhost:4318',
    })
    .optional(),
  labUrl: setting
    .url({
      is: 'where the launcher that started this stack can break it on purpose',
      schemes: ['http'],
      example: 'http://127.0.0.1:40000',
    })
    .optional(),
  labToken: setting
    .text({
      is: 'what the launcher knows this console by',
      pattern: /^.+$/,
      expected: 'must not be empty',
      example: '…',
      secret: true,
    })
    .optional(),
  jaegerUrl: setting
    .url({ is: 'where a trace is linked to as well', schemes: ['http', 'https'], example: 'http://localhost:16686' })
    .optional(),
  kafkaUiUrl: setting
    .url({
      is: 'the Kafka UI where a record is linked to as well',
      schemes: ['http', 'https'],
      example: 'http://localhost:8080',
    })
    .optional(),
  kafkaUiCluster: setting
    .text({
      is: 'the name that the cluster has in that Kafka UI',
      pattern: /^[^/?#\s]+$/,
      expected: 'must be a name without spaces and slashes',
      example: 'troupe',
    })
    .default('troupe'),
};

/** With the addresses of the services, which are as many as there are. */
export const consoleSettings: typeof ownSettings = { ...addressSettings, ...ownSettings };

export type ConsoleConfig = Config<typeof ownSettings>;
