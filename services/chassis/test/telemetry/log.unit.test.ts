import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { createLog, type Log } from '../../src/telemetry/log.ts';
import { startTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { tracer } from '../../src/telemetry/trace-context.ts';

let telemetry: Telemetry;
beforeAll(() => {
  telemetry = startTelemetry({ name: 'order', version: '1' }, {});
});
afterAll(() => telemetry.shutdown());

/** What was written, byte for byte. */
function written(work: (log: Log) => void, logLevel: 'info' | 'debug' = 'info'): string {
  let text = '';
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  work(createLog('order', { logLevel }, sink));
  return text;
}
const logged = (work: (log: Log) => void) => JSON.parse(written(work));

describe('the log', () => {
  it('has one JSON object per line, with service, level, time and what is bound', () => {
    const line = logged((log) => log.child({ order_id: 'o1' }).info({ attempt: 2 }, 'charged'));
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'order',
      order_id: 'o1',
      attempt: 2,
      msg: 'charged',
    });
  });

  it('names the active trace and span, and only then', () => {
    const span = tracer().startSpan('work');
    const active = trace.setSpan(context.active(), span);
    const line = logged((log) => context.with(active, () => log.info('inside')));
    expect(line).toMatchObject({ trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId });
    expect(logged((log) => log.info('outside'))).not.toHaveProperty('trace_id');
  });

  it('obeys its level', () => {
    expect(written((log) => log.debug('x'))).toBe('');
    expect(written((log) => log.debug('x'), 'debug')).not.toBe('');
  });

  it('holds no secret, however deep, in text or in addresses', () => {
    const text = written((log) => {
      const headers = { Authorization: 'Bearer hunter2', cookie: ['sid=hunter2', 'b"]hunter2'], 'x-ok': 'kept' };
      log.info({ request: { headers, body: { order: { paymentToken: 'tok_"hunter2' } } } }, 'a request');
      log.info({ password: 'hunter2' }, 'connecting to postgresql://order:hunter2@db:5432/order');
      log.error(
        { err: new Error('cannot reach smtp://mail:hun@ter:hunter2@host/ and amqp://:hunter2@host') },
        'failed',
      );
      log.info(`the body was ${JSON.stringify({ paymentToken: 'hunter2', sku: 'kept' })}`);
    });
    expect(text).not.toContain('hunter2');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(4);
    expect(lines[0].request.headers).toEqual({ Authorization: '[redacted]', cookie: '[redacted]', 'x-ok': 'kept' });
    expect(lines[1].msg).toBe('connecting to postgresql://order:[redacted]@db:5432/order');
    expect(lines[3].msg).toBe('the body was {"paymentToken":"[redacted]","sku":"kept"}');
  });

  it('keeps a line one line of JSON without control characters, whatever is logged', () => {
    const unit = fc.oneof(
      fc.constantFrom('\n', '\r', '\u001b', '\u009b', '\u2028', '\u0000', '\ud800', '"', '\\', '://a:b@'),
      fc.string(),
    );
    const hostile = fc.array(unit).map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, hostile, (message, value) => {
        const text = written((log) => log.info({ value, paymentToken: value, nested: { [message]: value } }, message));
        expect(text.endsWith('\n')).toBe(true);
        expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(JSON.parse(text).paymentToken).toBe('[redacted]');
      }),
    );
  });
});
