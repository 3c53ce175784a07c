import { createServer } from 'node:http';
import express from 'express';
import { page } from './page/page.ts';

/** Serves the page until SIGTERM or SIGINT. */
export async function runConsole(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const app = express().disable('x-powered-by');
  app.get('/readyz', (_request, response) => void response.json({ ready: true }));
  app.use('/', page());
  const server = createServer(app).listen(Number(env.PORT ?? 3000), '127.0.0.1');
  const stop = (): void => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
