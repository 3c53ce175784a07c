import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { contextOf, traceHeaders } from '../../src/telemetry/trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

describe('the trace context', () => {
  it('comes through headers and back unchanged', () => {
    const headers = { traceparent, tracestate: 'vendor=a,other=b' };
    expect(traceHeaders(contextOf(headers))).toEqual(headers);
    expect(trace.getSpanContext(contextOf(headers))).toMatchObject({ traceId, spanId, traceFlags: 1, isRemote: true });
  });

  it('can be taken from a span’s own context, and is empty without a span', () => {
    expect(traceHeaders({ traceId, spanId, traceFlags: 0 })).toEqual({ traceparent: `00-${traceId}-${spanId}-00` });
    expect(traceHeaders(ROOT_CONTEXT)).toEqual({});
    expect(traceHeaders({ traceId: '0'.repeat(32), spanId, traceFlags: 1 })).toEqual({});
  });

  it('passes on only the sampled flag, and understands later versions', () => {
    expect(traceHeaders(contextOf({ traceparent: `00-${traceId}-${spanId}-ff` }))).toEqual({ traceparent });
    expect(traceHeaders(contextOf({ traceparent: `cc-${traceId}-${spanId}-01-what-comes-later` }))).toEqual({
      traceparent,
    });
  });

  it.each([
    undefined,
    '',
    null,
    42,
    [traceparent, traceparent],
    `ff-${traceId}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId}-${spanId}-1`,
    `${traceparent}, ${traceparent}`,
    `${traceparent}\n`,
    `cc-${traceId}-${spanId}-01-${'x'.repeat(100_000)}`,
  ])('starts anew for a traceparent like %j', (hostile) => {
    expect(contextOf({ traceparent: hostile })).toBe(ROOT_CONTEXT);
  });

  it('drops a hostile tracestate, and keeps the trace', () => {
    for (const tracestate of ['x'.repeat(513), '=,=,', 'a=\u0000', 42, '\r\nx-evil: 1']) {
      expect(traceHeaders(contextOf({ traceparent, tracestate }))).toEqual({ traceparent });
    }
  });

  it('fails for nothing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (parent, state) => {
        expect(traceHeaders(contextOf({ traceparent: parent, tracestate: state }))).toEqual({});
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (state) => {
        const { tracestate = '' } = traceHeaders(contextOf({ traceparent, tracestate: state }));
        expect(tracestate).toMatch(/^[\x20-\x7e]{0,512}$/);
      }),
    );
  });
});
