import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { jsonClient } from '../../src/ports/json-client.ts';
import { withinTime } from '../../src/process/time-out.ts';
import { Retryable } from '../../src/rules/failure.ts';
import { Refused } from '../../src/rules/refused.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const undo of cleanUps.splice(0)) undo();
});

/** Somebody outside who writes what the test wants, byte for byte, to every request. Knows how much of it was taken. */
async function outside(answer: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const taken = () => sockets.reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0);
  return { asked: jsonClient('provider', `http://127.0.0.1:${port}`), taken };
}

const ask = ({ asked }: Awaited<ReturnType<typeof outside>>, forMs = 2_000) =>
  withinTime(forMs, (signal) =>
    asked.post('/', {}, { idempotencyKey: 'k', causationId: 'c', depth: 1, attempt: 1, headers: {}, signal }),
  );

const head = (status: number, ...fields: readonly string[]) =>
  `${[`HTTP/1.1 ${status} X`, ...fields].join('\r\n')}\r\n\r\n`;

/** Answers with as much as is read. */
const endlessly = (status: number) => (socket: Socket) => {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const more = (): void => {
    while (socket.write(chunk)) if (socket.destroyed) return;
    socket.once('drain', more);
  };
  socket.write(head(status, 'transfer-encoding: chunked'));
  more();
};

describe('an answer without end', () => {
  it('is not read on: of a refusal its status is enough', async () => {
    const provider = await outside(endlessly(400));
    const answer = await ask(provider);
    expect(answer).toBeInstanceOf(Refused);
    expect(answer).toMatchObject({ status: 400, code: 'HTTP_400' });
    expect(provider.taken()).toBeLessThan(32 * 1024 * 1024);
  });

  it.each([200, 201, 503])('of %i is no answer, and takes no memory', async (status) => {
    const provider = await outside(endlessly(status));
    await expect(ask(provider)).rejects.toThrow(new RegExp(`The provider .*${status}`));
    expect(provider.taken()).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('an answer that is none', () => {
  it.each([
    ['headers without end', head(201, `x: ${'y'.repeat(100_000)}`)],
    ['fewer bytes than announced', `${head(201, 'content-length: 100')}{"id":"ch_1"}`],
    ['no HTTP', 'hello, who is there?\r\n\r\n'],
    ['another protocol', head(101, 'upgrade: websocket', 'connection: upgrade')],
    ['two lengths', `${head(201, 'content-length: 2', 'content-length: 3')}{}`],
    ['only a promise', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['a length below zero', `${head(201, 'content-length: -1')}{}`],
  ])('is asked for again: %s', async (_, bytes) => {
    const provider = await outside((socket) => socket.end(bytes));
    await expect(ask(provider, 1_000)).rejects.toBeInstanceOf(Retryable);
  });

  it('is JSON that lies too deep to be shown', async () => {
    const deep = `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    const provider = await outside((socket) => socket.end(`${head(201, `content-length: ${deep.length}`)}${deep}`));
    const answer = await ask(provider);
    if (answer instanceof Refused) throw new Error('It is accepted.');
    expect(answer.unclear()).toMatchObject({ code: 'NO_ANSWER' });
  });
});

describe('a second answer to one request', () => {
  it('is not taken for the answer to the next', async () => {
    let requests = 0;
    const provider = await outside((socket) => {
      requests += 1;
      const body = JSON.stringify({ id: `ch_${requests}` });
      const answer = `${head(201, `content-length: ${body.length}`)}${body}`;
      socket.write(answer);
      if (requests === 1) setTimeout(() => socket.destroyed || socket.write(answer.replace('ch_1', 'ch_x')), 20);
    });
    const first = await ask(provider);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await ask(provider).catch((error: unknown) => error);
    for (const answer of [first, second]) {
      if (answer instanceof Refused || answer instanceof Error) continue;
      expect((answer as Exclude<typeof first, Refused>).text('id')).not.toBe('ch_x');
    }
  });
});
