import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { core, NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { BaseConfig } from '../configuration/config.ts';
import type { Log } from './log.ts';

/** Who a process is, in spans, logs and API documents. */
export interface ServiceIdentity {
  readonly name: string;
  readonly version: string;
}

export interface Telemetry {
  /** Sends the spans that are left, at most `boundMs` long, and ends. Never throws. */
  shutdown(boundMs?: number): Promise<void>;
}

export type TelemetryConfig = Pick<
  BaseConfig,
  'otelExporterOtlpEndpoint' | 'otelTracesSampler' | 'otelTracesSamplerArg'
>;

/** At most one line in this time about a collector that does not answer. */
const WARN_EVERY_MS = 300_000;

/**
 * Gives the process trace ids, W3C propagation and, with an endpoint, the sending of spans in batches. Call it once,
 * before anything makes a span. Nothing is instrumented by itself: an instrumented Kafka producer would overwrite
 * `traceparent` in the relay. A collector that is away costs a bounded queue of spans and a warning every five minutes.
 *
 * The SDK itself reads OTEL_RESOURCE_ATTRIBUTES and the OTEL_EXPORTER_OTLP_ settings. Without an endpoint no span is
 * recorded unless a caller's trace is sampled or OTEL_TRACES_SAMPLER asks for it; trace ids are made and passed on all
 * the same.
 */
export function startTelemetry(service: ServiceIdentity, config: TelemetryConfig, log?: Log): Telemetry {
  const endpoint = config.otelExporterOtlpEndpoint;
  const processor = endpoint === undefined ? new tracing.NoopSpanProcessor() : batches(endpoint);
  core.setGlobalErrorHandler(warnSometimes(endpoint, log));
  const sdk = new NodeSDK({
    serviceName: service.name,
    resource: resourceOf(service),
    resourceDetectors: [resources.envDetector],
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
    sampler: samplerOf(config),
    textMapPropagator: new core.W3CTraceContextPropagator(),
  });
  sdk.start();
  return {
    async shutdown(boundMs = 3_000) {
      const sent = sdk.shutdown().catch(() => undefined);
      await Promise.race([sent, sleep(boundMs, undefined, { ref: false })]);
    },
  };
}

function batches(endpoint: string): tracing.SpanProcessor {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  return new tracing.BatchSpanProcessor(exporter, {
    maxQueueSize: 8_192,
    maxExportBatchSize: 512,
    scheduledDelayMillis: 1_000,
  });
}

function resourceOf(service: ServiceIdentity): resources.Resource {
  return resources.defaultResource().merge(
    resources.resourceFromAttributes({
      [ATTR_SERVICE_VERSION]: service.version,
      'service.instance.id': randomUUID(),
      'service.namespace': 'troupe',
    }),
  );
}

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration */
function samplerOf(config: TelemetryConfig): tracing.Sampler {
  const fallback = config.otelExporterOtlpEndpoint === undefined ? 'parentbased_always_off' : 'parentbased_always_on';
  const name = config.otelTracesSampler ?? fallback;
  const root = rootSampler(name.replace('parentbased_', ''), config.otelTracesSamplerArg ?? 1);
  return name.startsWith('parentbased_') ? new tracing.ParentBasedSampler({ root }) : root;
}

function rootSampler(name: string, ratio: number): tracing.Sampler {
  if (name === 'always_on') return new tracing.AlwaysOnSampler();
  if (name === 'always_off') return new tracing.AlwaysOffSampler();
  return new tracing.TraceIdRatioBasedSampler(ratio);
}

function warnSometimes(endpoint: string | undefined, log: Log | undefined): (error: unknown) => void {
  let silentUntil = 0;
  return (error) => {
    const now = Date.now();
    if (now < silentUntil) return;
    silentUntil = now + WARN_EVERY_MS;
    const cause = error instanceof Error ? error.message : String(error);
    log?.warn({ endpoint, cause }, 'Spans could not be sent; they are dropped until the collector answers again.');
  };
}
