/** What services send: one span that handled an event. */

export const SAGA = '01a22ee5-8866-7472-9d22-bff5a3eada1e';
/** 2026-12-01T00:00:00Z, in microseconds. */
const MIDNIGHT_US = 1_796_083_200_000_000;

export interface Sent {
  readonly saga?: string;
  readonly spanId?: string;
  readonly traceId?: string;
  readonly outcome?: string;
  readonly reason?: string;
  /** In microseconds since 1970. */
  readonly fromUs?: number;
  readonly afterUs?: number;
}

export function sent({ saga = SAGA, spanId, traceId, outcome, reason, fromUs = MIDNIGHT_US, afterUs = 0 }: Sent) {
  const startUs = fromUs + afterUs;
  const attributes: Record<string, object> = {
    'messaging.message.id': { stringValue: 'e-1' },
    'messaging.message.conversation_id': { stringValue: saga },
    'messaging.kafka.offset': { intValue: 7 },
    ...(outcome === undefined ? {} : { 'troupe.outcome': { stringValue: outcome } }),
    ...(reason === undefined ? {} : { 'troupe.reason': { stringValue: reason } }),
  };
  return {
    traceId: traceId ?? '0af7651916cd43dd8448eb211c80319c',
    spanId: spanId ?? 'b7ad6b7169203331',
    name: 'process order.events',
    kind: 5,
    startTimeUnixNano: `${startUs}000`,
    endTimeUnixNano: `${startUs + 2_500}000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    status: { code: 0 },
  };
}

export const exported = (spans: readonly object[], service = 'payment') => ({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ scope: { name: 'test' }, spans }],
    },
  ],
});
