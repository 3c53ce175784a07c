import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@troupe/embedded';
import { compareModes, type TracedRun, type TracingFigures } from '../src/bench/tracing/figures.ts';
import { environmentOf, isKept } from '../src/bench/tracing/modes.ts';
import { report } from '../src/bench/tracing/report.ts';
import { spansOf, type TraceEvidence, traceFaults } from '../src/bench/tracing/trace-verdict.ts';
import { type ExportedSpan, type TraceSummary, Traces } from '../src/bench/tracing/traces.ts';
import { goodOrder } from '../src/measure/mix.ts';

const exported = (service: string, spans: readonly ExportedSpan[]) => ({
  resourceSpans: [
    { resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] }, scopeSpans: [{ spans }] },
  ],
});

describe('what has arrived of a trace', () => {
  it('is put together from all services, with a span that was sent twice counted once', () => {
    const traces = new Traces();
    const charge = { traceId: 't', spanId: '2', parentSpanId: '1' };
    traces.take(exported('order', [{ traceId: 't', spanId: '1', parentSpanId: '' }]));
    traces.take(exported('payment', [charge]));
    traces.take(exported('payment', [charge, { traceId: 'u', spanId: '9' }]));
    expect(traces.summaries()).toEqual([
      { traceId: 't', spans: 2, orphans: 0, services: ['order', 'payment'] },
      { traceId: 'u', spans: 1, orphans: 0, services: ['payment'] },
    ]);
  });

  it('shows a span whose parent is missing', () => {
    const traces = new Traces();
    traces.take(exported('payment', [{ traceId: 't', spanId: '2', parentSpanId: '1' }]));
    expect(traces.summaries()).toMatchObject([{ spans: 1, orphans: 1 }]);
  });
});

describe('which traces are kept', () => {
  it('is none, one in twenty, or all', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => createHash('md5').update(`${index}`).digest('hex'));
    const kept = (mode: 'off' | 'production' | 'all') => ids.filter((id) => isKept(mode, id)).length;
    expect([kept('off'), kept('all')]).toEqual([0, 2_000]);
    // Of two thousand a hundred, give or take six times the deviation.
    expect(Math.abs(kept('production') - 100)).toBeLessThan(60);
  });

  it('is told to the services; without traces they know of no receiver, whatever this shell has set', () => {
    expect(environmentOf('off', undefined)).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    expect(environmentOf('production', 'http://127.0.0.1:1')).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.05',
    });
  });
});

describe('the check of the traces', () => {
  const orders = ['a', 'b', 'c'].map((id) => ({ ...goodOrder(0), orderId: id, traceId: `t${id}`, end: 'CONFIRMED' }));
  const whole = { spans: 20, orphans: 0, services: serviceNames };
  const found = (change: Readonly<Record<string, Partial<TraceSummary>>>) => {
    const summaries = orders.map(({ traceId }) => ({ traceId, ...whole, ...change[traceId] }));
    return new Map(summaries.map((trace) => [trace.traceId, trace]));
  };
  const right: TraceEvidence = { orders, traces: found({}), isKept: () => true };

  it('finds nothing when every trace is there, also when a step was repeated', () => {
    expect(traceFaults(right)).toEqual([]);
    expect(traceFaults({ ...right, traces: found({ tb: { spans: 21 } }) })).toEqual([]);
    expect(spansOf(orders, right.traces)).toBe(60);
  });

  it('finds that nothing was sent', () => {
    expect(traceFaults({ ...right, traces: new Map() })).toEqual([
      '3 orders have no trace, and had to have one, such as order a, trace ta.',
    ]);
  });

  it('finds a trace that was not to be kept', () => {
    expect(traceFaults({ ...right, isKept: (traceId) => traceId !== 'tb' })).toEqual([
      '1 orders have a trace, and were to have none, such as order b, trace tb.',
    ]);
  });

  it('finds spans that were lost: a parent, a whole service, or the last of a branch', () => {
    expect(traceFaults({ ...right, traces: found({ ta: { orphans: 1 } }) })).toEqual([
      '1 traces have spans of which the parent did not arrive, such as order a, trace ta.',
    ]);
    expect(traceFaults({ ...right, traces: found({ ta: { services: ['order'] } }) })).toEqual([
      '1 traces of confirmed orders miss a service, such as order a, trace ta.',
    ]);
    expect(traceFaults({ ...right, traces: found({ ta: { spans: 19 } }) })).toEqual([
      '1 traces have fewer spans than most others of their kind, such as order a, trace ta.',
    ]);
  });

  it('has no figure for a run in which nothing was to be traced', () => {
    expect(traceFaults({ ...right, traces: new Map(), isKept: () => false })).toEqual([
      'Not one order was to be traced: give more of them.',
    ]);
  });
});

describe('what tracing costs', () => {
  const run = (sagasPerSecond: number, cpuMsPerSaga: number): TracedRun => ({
    sagasPerSecond,
    cpuMsPerSaga,
    spansPerSaga: 20,
    sinkCpuMsPerSaga: 0.1,
  });
  const rounds = [
    { off: run(200, 10), production: run(190, 10), all: run(160, 12) },
    { off: run(100, 20), production: run(99, 20), all: run(70, 26) },
    { off: run(150, 15) },
  ];

  it('is held against the run without traces of the same round', () => {
    const compared = compareModes(rounds);
    expect(compared.map(({ mode, sagasPerSecond }) => [mode, sagasPerSecond])).toEqual([
      ['off', 150],
      ['production', 144.5],
      ['all', 115],
    ]);
    expect(compared[2]?.rateRatio).toBeCloseTo(0.75);
    expect(compared[2]?.cpuRatio).toBeCloseTo(1.25);
  });

  it('has no figure where every run went wrong', () => {
    expect(compareModes([{ off: run(200, 10) }, {}]).map(({ mode }) => mode)).toEqual(['off']);
  });

  it('is told with the goal: 95 % of the rate with the traces of production, 75 % with all', () => {
    const figures = (round: TracingFigures['rounds'][number], faults: readonly string[] = []): TracingFigures => ({
      warmUp: 6000,
      orders: 3000,
      inFlight: 256,
      rounds: [round],
      compared: compareModes([round]),
      faults,
      processors: 2,
      node: '20',
    });
    const reached = report(figures({ off: run(200, 10), production: run(190, 10), all: run(150, 12) })).join('\n');
    expect(reached).toMatch(/as in production, 5 % +190 +10.00 +0.95 +1.00 +at least 0.95: yes/);
    expect(reached).toMatch(/every order traced +150 +12.00 +0.75 +1.20 +at least 0.75: yes/);
    const missed = report(figures({ off: run(200, 10), all: run(148, 12) }, ['production: Nothing came.'])).join('\n');
    expect(missed).toMatch(/every order traced .* at least 0.75: no/);
    expect(missed).toContain('Went wrong, so this run has no figures: production: Nothing came.');
  });
});
