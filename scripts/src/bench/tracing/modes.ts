import { ROOT_CONTEXT } from '@opentelemetry/api';
import { tracing } from '@opentelemetry/sdk-node';

/** How many orders are traced: none, as many as in production (docs/decisions/0020), every one. */
export const MODES = ['off', 'production', 'all'] as const;
export type Mode = (typeof MODES)[number];

const SHARE: Readonly<Record<Mode, number>> = { off: 0, production: 0.05, all: 1 };

/** The settings of every service. Without an endpoint nothing is recorded; what this shell has set does not count. */
export function environmentOf(mode: Mode, endpoint: string | undefined): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint ?? '',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    OTEL_TRACES_SAMPLER: mode === 'off' ? 'parentbased_always_off' : 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: String(SHARE[mode]),
  };
}

/** Whether a trace is kept: the same sampler that the services have decides by nothing but the trace's id. */
export function isKept(mode: Mode, traceId: string): boolean {
  const sampler = new tracing.TraceIdRatioBasedSampler(SHARE[mode]);
  const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId);
  return decision === tracing.SamplingDecision.RECORD_AND_SAMPLED;
}
