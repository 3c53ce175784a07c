import type { z } from 'zod';
import { failpointExpected, failpointPattern } from '../process/failpoint.ts';
import { sentence, shown } from '../rules/fault-sentences.ts';
import { HTTP_LIMITS } from './http-limits.ts';
import { aboutSetting, setting } from './setting.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * What every service reads. A setting is called as its environment variable, in camel case: `databaseUrl` is
 * DATABASE_URL. Beside these OpenTelemetry reads some of its own; see `telemetry.ts`.
 */
const baseShape = {
  port: setting.wholeNumber({ is: 'the TCP port that the service listens on', min: 0, max: 65_535, example: '3001' }),
  listenAddress: setting
    .text({
      is: 'the address that the service listens on; 0.0.0.0 lets other machines in',
      pattern: /^[A-Za-z0-9.:-]+$/,
      expected: 'must be an IP address or a host name',
      example: '127.0.0.1',
    })
    .default('127.0.0.1'),
  commandsAtOnce: setting
    .wholeNumber({
      is: 'how many requests that change something may wait for their answer at once; further ones are sent away with 503',
      min: 1,
      max: 100_000,
      example: '2000',
    })
    .default(HTTP_LIMITS.commandsAtOnce),
  readsAtOnce: setting
    .wholeNumber({
      is: 'how many requests that read, or wait for news, may be open at once; further ones are sent away with 503',
      min: 1,
      max: 100_000,
      example: '5000',
    })
    .default(HTTP_LIMITS.readsAtOnce),
  databaseUrl: setting.url({
    is: "the service's own PostgreSQL database",
    schemes: ['postgresql', 'postgres'],
    example: 'postgresql://user:password@localhost:54320/database',
    secret: true,
  }),
  kafkaBrokers: setting.list({
    is: 'where the Kafka brokers listen',
    pattern: /^[^\s:/]+:\d{1,5}$/,
    expected: 'must be a list of host:port, separated by commas',
    example: 'localhost:9092',
  }),
  kafkajsCodec: setting
    .oneOf(['fast', 'stock'], {
      is: "whether kafkajs' encoders and timers are replaced by faster ones, or used as they come; what is read and written is the same",
      example: 'stock',
    })
    .default('fast'),
  registryUrl: setting.url({
    is: 'the Confluent-compatible API of the schema registry',
    schemes: ['http', 'https'],
    example: 'http://localhost:8081/apis/ccompat/v7',
  }),
  otelExporterOtlpEndpoint: setting
    .url({ is: 'where spans are sent, over OTLP/HTTP', schemes: ['http', 'https'], example: 'http://localhost:4318' })
    .optional(),
  otelTracesSampler: setting
    .oneOf(
      [
        'always_on',
        'always_off',
        'traceidratio',
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
      ],
      { is: 'which traces are recorded', example: 'parentbased_traceidratio' },
    )
    .optional(),
  otelTracesSamplerArg: setting
    .number({ is: 'the share of traces that a traceidratio sampler records', min: 0, max: 1, example: '0.1' })
    .optional(),
  logLevel: setting
    .oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      is: 'the least level that is logged',
      example: 'info',
    })
    .default('info'),
  topicPrefix: setting
    .text({
      is: 'put before every topic and consumer group, so that tests can share a broker',
      pattern: /^[A-Za-z0-9._-]{0,50}$/,
      expected: 'must be at most 50 letters, digits, dots, dashes and underscores',
      example: 'test-7.',
    })
    .default(''),
  replayLimit: setting
    .wholeNumber({
      is: 'how often a dead letter may be replayed in vain before it is quarantined',
      min: 1,
      max: 1_000,
      example: '5',
    })
    .default(5),
  eventDepthLimit: setting
    .wholeNumber({
      is: 'how many events in a row may follow from one another, before a further one is taken for a loop and is a dead letter',
      min: 1,
      max: 100_000,
      example: '64',
    })
    .default(64),
  inboxRetentionMs: setting
    .retentionMs({
      is: 'how long the ids of handled events are kept; longer than any topic that is read may hold a record',
      min: MINUTE_MS,
      example: String(21 * DAY_MS),
    })
    .default(21 * DAY_MS),
  deadLetterRetentionMs: setting
    .retentionMs({
      is: 'how long dead letters are kept after they were settled, and replays after they have ended',
      min: MINUTE_MS,
      example: String(30 * DAY_MS),
    })
    .default(30 * DAY_MS),
  idempotencyKeyRetentionMs: setting
    .retentionMs({
      is: 'how long a request that is sent again with its Idempotency-Key gets its first answer',
      min: MINUTE_MS,
      example: String(3 * DAY_MS),
    })
    .default(3 * DAY_MS),
  relay: setting
    .oneOf(['logical', 'polling', 'none'], {
      is: 'how the outbox is published: from the write-ahead log, by polling its tables, or by somebody else (Debezium)',
      example: 'logical',
    })
    .default('logical'),
  outboxRetentionMs: setting
    .wholeNumber({
      is: 'how long published rows stay in the outbox at least, to be published again when the replication slot is lost',
      min: 0,
      max: 30 * DAY_MS,
      example: '3600000',
    })
    .default(60 * MINUTE_MS),
  traceLinkTemplate: setting
    .text({
      is: 'the link to a trace for people, with {traceId} in the place of its id',
      pattern: /^https?:\/\/\S*\{traceId\}\S*$/,
      expected: 'must be an http URL that contains {traceId}',
      example: 'http://localhost:16686/trace/{traceId}',
    })
    .optional(),
  callsBegin: setting
    .oneOf(['at-once', 'by-recovery'], {
      is: 'who begins a call: the process that decided on it, or whichever finds it in the table, as after a crash (slow; for tests)',
      example: 'at-once',
    })
    .default('at-once'),
  failpoint: setting
    .text({
      is: 'for tests: the moment at which this process ends itself with SIGKILL',
      pattern: failpointPattern,
      expected: failpointExpected,
      example: 'relay-after-publish@3',
    })
    .optional(),
};

export type BaseConfig = Readonly<z.output<z.ZodObject<typeof baseShape>>>;

export type Config<Shape extends z.ZodRawShape = Record<never, never>> = BaseConfig &
  Readonly<z.output<z.ZodObject<Shape>>>;

export interface ConfigFault {
  readonly variable: string;
  /** `must be a whole number from 0 to 65535, but is "abc"`. Never holds a secret. */
  readonly wrong: string;
  /** What the setting is, for a person who does not know it. */
  readonly is: string;
  /** `PORT=3001` */
  readonly example: string;
}

/** The environment cannot be used; lists every fault at once. Secrets are not in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(
      ({ variable, wrong, is, example }) => `  ${variable} ${wrong}. It is ${is}. Example: ${example}`,
    );
    super(
      `${faults.length === 1 ? 'A setting' : `${faults.length} settings`} of the environment cannot be used:\n${lines.join('\n')}`,
    );
    this.faults = faults;
  }
}

/**
 * Reads the environment, once, into one frozen value. The only place where it is read. A variable that is empty counts
 * as not set. `shape` adds the settings of one service, made with `setting`; one of the same name as a base setting
 * replaces it (to give a default, say).
 *
 * @throws ConfigError with every fault.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config<Shape> {
  const faults: ConfigFault[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries({ ...baseShape, ...shape })) {
    const text = env[variableOf(name)]?.trim();
    const result = (schema as z.ZodType).safeParse(text === '' ? undefined : text, { error: sentence });
    if (result.success) values[name] = result.data;
    else faults.push(faultOf(name, schema as z.ZodType, text, result.error));
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(values) as Config<Shape>;
}

/** The default of each setting, or its example. For tools that look at what a service is made of and do not run it. */
export function unsetConfig<Shape extends z.ZodRawShape>(shape: Shape): Config<Shape> {
  const needed = Object.entries({ ...baseShape, ...shape }).filter(
    ([, schema]) => !(schema as z.ZodType).safeParse(undefined).success,
  );
  const examples = needed.map(([name, schema]) => [variableOf(name), aboutSetting(schema as z.ZodType)?.example]);
  return readConfig(shape, Object.fromEntries(examples));
}

/** `holdTimeoutMs` → `HOLD_TIMEOUT_MS` */
export function variableOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function faultOf(name: string, schema: z.ZodType, text: string | undefined, error: z.ZodError): ConfigFault {
  const variable = variableOf(name);
  const about = aboutSetting(schema);
  const expected = error.issues.map((issue) => issue.message).join(' and ');
  // A value with an @ may be a URL with a password, wherever it was put.
  const printable = about?.secret !== true && text?.includes('@') === false;
  return {
    variable,
    wrong:
      text === undefined || text === '' ? 'is not set' : printable ? `${expected}, but is ${shown(text)}` : expected,
    is: about?.is ?? 'a setting of this service',
    example: `${variable}=${about?.example ?? '…'}`,
  };
}
