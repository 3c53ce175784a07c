import type { ServerOptions } from 'node:http';
import type { HttpLimits } from '../../configuration/http-limits.ts';

/** What Node itself enforces. */
export function serverOptions(limits: HttpLimits): ServerOptions {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMs),
    requireHostHeader: true,
  };
}
