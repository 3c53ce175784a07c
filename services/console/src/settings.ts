import { type Config, setting } from '@troupe/chassis';
import { type ServiceName, serviceNames, servicePorts } from '@troupe/services';
import type { z } from 'zod';

const MINUTE_MS = 60_000;

type UrlSettings = Readonly<Record<`${ServiceName}Url`, z.ZodType<string>>>;

/** `ORDER_URL` and the like: where each service is asked for what topics cannot tell. */
const serviceUrls = Object.fromEntries(
  serviceNames.map((name) => {
    const example = `http://127.0.0.1:${servicePorts[name]}`;
    const is = `the address of the ${name} service`;
    return [`${name}Url`, setting.url({ is, schemes: ['http', 'https'], example }).default(example)];
  }),
) as unknown as UrlSettings;

export const consoleSettings = {
  ...serviceUrls,
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
  jaegerUrl: setting
    .url({ is: 'where a trace is linked to as well', schemes: ['http', 'https'], example: 'http://localhost:16686' })
    .optional(),
  kafkaUiUrl: setting
    .url({ is: 'where a record is linked to as well', schemes: ['http', 'https'], example: 'http://localhost:8080' })
    .optional(),
};

export type ConsoleConfig = Config<typeof consoleSettings>;

export const serviceUrl = (config: ConsoleConfig, service: ServiceName): string => config[`${service}Url`];
