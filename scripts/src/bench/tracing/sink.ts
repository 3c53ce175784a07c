import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { ownCpuMs } from '../../measure/meter/processes.ts';
import { type ExportedSpans, Traces } from './traces.ts';

// A program: takes spans over OTLP/HTTP, as a collector does, and says at GET / what has arrived. It ends with its parent.
// While orders are measured it only keeps what it gets, since it shares the processors; it reads when it is asked.

/** Beyond it, what was kept is read at once. */
const MOST_KEPT_BYTES = 256 * 1024 * 1024;

const traces = new Traces();
let kept: Buffer[] = [];
let keptBytes = 0;

function keep(body: Buffer): void {
  kept.push(body);
  keptBytes += body.length;
  if (keptBytes > MOST_KEPT_BYTES) read();
}

function read(): void {
  for (const body of kept) traces.take(JSON.parse(body.toString()) as ExportedSpans);
  kept = [];
  keptBytes = 0;
}

const server = createServer((request, response) => {
  const answer = (body: object): void => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (request.method === 'POST') {
    void buffer(request).then(
      (body) => {
        keep(body);
        answer({});
      },
      () => response.destroy(),
    );
  } else if (request.url === '/cpu') {
    answer({ cpuMs: ownCpuMs() });
  } else {
    read();
    answer({ traces: traces.summaries() });
  }
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
