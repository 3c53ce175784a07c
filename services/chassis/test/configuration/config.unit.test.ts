import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, readConfig } from '../../src/configuration/config.ts';
import { setting } from '../../src/configuration/setting.ts';

const enough = {
  PORT: '3001',
  DATABASE_URL: 'postgresql://troupe_order:s3cret@localhost:54320/troupe_order',
  KAFKA_BROKERS: 'localhost:9092, [::1]:9093'.replace(', [::1]:9093', ', other:9093'),
  REGISTRY_URL: 'http://localhost:8081/apis/ccompat/v7/',
};

const shape = {
  approvalLimitCents: setting
    .wholeNumber({ is: 'the largest amount in cents that is charged unasked', min: 0, max: 1e9, example: '100000' })
    .default(100_000),
  smtpUrl: setting
    .url({ is: 'where e-mail is handed over', schemes: ['smtp'], example: 'smtp://localhost:3025' })
    .optional(),
};

function faultsOf(env: Record<string, string>, settings: z.ZodRawShape = {}): ConfigError {
  try {
    readConfig(settings, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('the environment was accepted');
}

describe('the configuration', () => {
  it('is one frozen value, with names in camel case and defaults', () => {
    const config = readConfig(shape, { ...enough, APPROVAL_LIMIT_CENTS: '5', OTEL_TRACES_SAMPLER_ARG: '0.25' });
    expect(config).toEqual({
      port: 3001,
      listenAddress: '127.0.0.1',
      commandsAtOnce: 2_000,
      readsAtOnce: 5_000,
      databaseUrl: enough.DATABASE_URL,
      kafkaBrokers: ['localhost:9092', 'other:9093'],
      kafkajsCodec: 'fast',
      registryUrl: 'http://localhost:8081/apis/ccompat/v7',
      otelTracesSamplerArg: 0.25,
      logLevel: 'info',
      topicPrefix: '',
      callsBegin: 'at-once',
      replayLimit: 5,
      eventDepthLimit: 64,
      relay: 'logical',
      outboxRetentionMs: 3_600_000,
      inboxRetentionMs: 1_814_400_000,
      deadLetterRetentionMs: 2_592_000_000,
      idempotencyKeyRetentionMs: 259_200_000,
      approvalLimitCents: 5,
    });
    expect(Object.isFrozen(config) && Object.isFrozen(config.kafkaBrokers)).toBe(true);
    const limit: number = config.approvalLimitCents;
    const smtp: string | undefined = config.smtpUrl;
    expect([limit, smtp]).toEqual([5, undefined]);
  });

  it('takes an empty variable for one that is not set', () => {
    const config = readConfig(shape, { ...enough, APPROVAL_LIMIT_CENTS: '', OTEL_EXPORTER_OTLP_ENDPOINT: ' ' });
    expect(config.approvalLimitCents).toBe(100_000);
    expect(config.otelExporterOtlpEndpoint).toBeUndefined();
  });

  it('lets a service give a default to a base setting', () => {
    const port = setting.wholeNumber({ is: 'the port', min: 0, max: 65_535, example: '3002' }).default(3002);
    const { PORT: _, ...withoutPort } = enough;
    expect(readConfig({ port }, withoutPort).port).toBe(3002);
  });

  it('tells every fault at once: the variable, what is wrong, what it is, an example', () => {
    const error = faultsOf(
      {
        ...enough,
        PORT: 'abc',
        REGISTRY_URL: 'localhost:8081',
        LOG_LEVEL: 'loud',
        KAFKA_BROKERS: 'localhost',
        APPROVAL_LIMIT_CENTS: '1.5',
      },
      shape,
    );
    expect(error.faults.map(({ variable, wrong }) => `${variable} ${wrong}`)).toEqual([
      'PORT must be a whole number from 0 to 65535, but is "abc"',
      'KAFKA_BROKERS must be a list of host:port, separated by commas, but is "localhost"',
      'REGISTRY_URL must be a URL that starts with http:// or https://, but is "localhost:8081"',
      'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent, but is "loud"',
      'APPROVAL_LIMIT_CENTS must be a whole number from 0 to 1000000000, but is "1.5"',
    ]);
    expect(error.message).toContain(
      '\n  APPROVAL_LIMIT_CENTS must be a whole number from 0 to 1000000000, but is "1.5". ' +
        'It is the largest amount in cents that is charged unasked. Example: APPROVAL_LIMIT_CENTS=100000',
    );
  });

  it('says how long things are kept in milliseconds, or unlimited, and not shorter than a minute', () => {
    expect(readConfig({}, { ...enough, INBOX_RETENTION_MS: 'unlimited' }).inboxRetentionMs).toBe(Infinity);
    const tooShort = {
      INBOX_RETENTION_MS: '-1',
      IDEMPOTENCY_KEY_RETENTION_MS: '59999',
      DEAD_LETTER_RETENTION_MS: '30d',
    };
    expect(faultsOf({ ...enough, ...tooShort }).faults.map(({ variable, wrong }) => `${variable} ${wrong}`)).toEqual([
      'INBOX_RETENTION_MS must be a whole number of milliseconds, at least 60000, or unlimited, but is "-1"',
      'DEAD_LETTER_RETENTION_MS must be a whole number of milliseconds, at least 60000, or unlimited, but is "30d"',
      'IDEMPOTENCY_KEY_RETENTION_MS must be a whole number of milliseconds, at least 60000, or unlimited, but is "59999"',
    ]);
  });

  it('names what is missing', () => {
    expect(faultsOf({}).faults.map(({ variable, wrong }) => `${variable} ${wrong}`)).toEqual([
      'PORT is not set',
      'DATABASE_URL is not set',
      'KAFKA_BROKERS is not set',
      'REGISTRY_URL is not set',
    ]);
    expect(faultsOf({}).message).toMatch(
      /^4 settings of the environment cannot be used:\n {2}PORT is not set\. It is the TCP port/,
    );
  });

  it('never prints a password, wherever it was put', () => {
    const wrong = {
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      REGISTRY_URL: 'ftp://root:hunter2@db/x',
      PORT: 'http://a:hunter2@b',
    };
    const error = faultsOf({ ...enough, ...wrong });
    expect(error.faults).toHaveLength(3);
    expect(error.message + JSON.stringify(error.faults)).not.toContain('hunter2');
    expect(faultsOf({ ...enough, DATABASE_URL: 'hunter2' }).message).not.toContain('hunter2');
  });

  it('also takes plain zod schemas', () => {
    const settings = { retryMs: z.coerce.number().int().min(1).default(5_000) };
    expect(readConfig(settings, enough).retryMs).toBe(5_000);
    expect(faultsOf({ ...enough, RETRY_MS: '0' }, settings).faults).toEqual([
      {
        variable: 'RETRY_MS',
        wrong: 'must be at least 1, but is "0"',
        is: 'a setting of this service',
        example: 'RETRY_MS=…',
      },
    ]);
  });
});
