import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { BaseConfig } from '../configuration/config.ts';

export type Log = Logger;

const SECRET_FIELDS = 'authorization|proxy-authorization|cookie|set-cookie|[\\w-]*token|password';
const JSON_TEXT = '"(?:[^"\\\\]|\\\\.)*"';
/** A secret field with its value, text or a list, at any depth of the line. */
const SECRET = new RegExp(`"(${SECRET_FIELDS})":(?:${JSON_TEXT}|\\[(?:[^\\]"]|${JSON_TEXT})*\\])`, 'gi');
/** The same inside a text that itself holds JSON: `{\"token\":\"secret\"}`. */
const QUOTED_SECRET = new RegExp(`\\\\"(${SECRET_FIELDS})\\\\":\\s*\\\\"(?:(?!\\\\").)*\\\\"`, 'gi');
/** The user's part of a URL: `postgresql://user:password@`. */
const URL_PASSWORD = /(:\/\/[^\s:/@"]*):[^\s/"]*@/g;
/** What JSON leaves as it is, but terminals and line-based tools obey: DEL, the C1 controls, the Unicode line ends. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * JSON lines on standard output, with the `trace_id` and `span_id` of the active span and what is bound: `log.child({
 * attempt: 2 })`. Pass errors as `log.error({ err }, 'what could not be done')`. A line stays one line, and secrets
 * (authorization, cookies, tokens of any name, passwords, also in URLs) do not reach it.
 */
export function createLog(
  service: string,
  config: Pick<BaseConfig, 'logLevel'>,
  destination: DestinationStream = pino.destination({ fd: 1, sync: true }),
): Log {
  return pino(
    {
      base: { service },
      level: config.logLevel,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: activeSpan,
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  );
}

function activeSpan(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}

function withoutSecrets(line: string): string {
  return line
    .replace(SECRET, '"$1":"[redacted]"')
    .replace(QUOTED_SECRET, '\\"$1\\":\\"[redacted]\\"')
    .replace(URL_PASSWORD, '$1:[redacted]@')
    .replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What the log calls a field of an event: `tripId` → `trip_id`. */
export const logField = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
