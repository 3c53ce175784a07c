import type { Express } from 'express';
import type { Registry } from 'prom-client';
import type { Readiness } from '../../process/readiness.ts';
import { respond, respondText } from '../answer/respond.ts';

/**
 * What the platform asks, without spans and durations of its own:
 * `/livez` 200 while the process can answer at all: restart it when it does not.
 * `/readyz` 200, or 503 with the reason of each part that does not work: send no traffic, but do not restart.
 * `/metrics` in Prometheus' text format.
 */
export function addHealth(app: Express, readiness: Readiness, registry: Registry): void {
  app.get('/livez', (_request, response) => respond(response, { status: 200, body: { live: true } }));
  app.get('/readyz', (_request, response) => {
    const { ready, reasons } = readiness;
    respond(response, { status: ready ? 200 : 503, body: ready ? { ready } : { ready, reasons } });
  });
  app.get('/metrics', async (_request, response) => {
    respondText(response, { status: 200, contentType: registry.contentType, text: await registry.metrics() });
  });
}
