import type { Connect, Plugin } from 'vite';
import { sagaAnswer } from '../fixtures/answers.ts';
import { lab, overview, page, stories } from './answers.ts';

type Answer = (url: URL, method: string) => unknown;

/** By path. What is not here goes to the console's server, if one runs. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  '/api/overview': () => overview(0),
  '/api/sagas': (url) => page(url.searchParams),
  '/api/stories': () => stories,
  '/api/lab': () => lab,
};

/**
 * `FIXTURES=1 npx vite web`: the page on answers that are written down here, without a server. For looking at screens; no part of the
 * build.
 */
export function fixtures(): Plugin {
  return {
    name: 'console-fixtures',
    configureServer(server) {
      server.middlewares.use(answer);
    },
  };
}

const answer: Connect.NextHandleFunction = (request, response, next) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/api/live') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    let tick = 0;
    const say = (channel: string, data: unknown) =>
      response.write(`id: ${tick}\nevent: ${channel}\ndata: ${JSON.stringify(data)}\n\n`);
    const channels = (url.searchParams.get('channels') ?? '').split(',');
    for (const channel of channels) {
      const saga = sagaAnswer(new URL(`/api/sagas/${channel.replace('saga:', '')}`, url));
      if (saga !== undefined) say(channel, saga());
    }
    const send = () => say('overview', overview(tick++));
    send();
    const timer = setInterval(send, 1000);
    request.once('close', () => clearInterval(timer));
    return;
  }
  const known = ANSWERS[url.pathname] ?? sagaAnswer(url);
  if (known === undefined) return next();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(known(url, request.method ?? 'GET')));
};
