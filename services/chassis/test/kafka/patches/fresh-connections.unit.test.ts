import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import type { Connection } from '../../../src/kafka/patches/fresh-connections.ts';
import { forgetOnReconnect } from '../../../src/kafka/patches/fresh-connections.ts';

interface Kafkajs extends Connection {
  send(message: object): Promise<unknown>;
  disconnect(): Promise<unknown>;
}
const require = createRequire(import.meta.url);
const KafkajsConnection = require('kafkajs/src/network/connection') as new (options: object) => Kafkajs;
const apiVersions = require('kafkajs/src/protocol/requests/apiVersions') as {
  protocol(choice: { version: number }): () => object;
};
const silent = { namespace: () => silent, debug: () => undefined, error: () => undefined, warn: () => undefined };

/** An answer of ApiVersions, version 0, without any: correlation id, error code 0, an empty list. */
function answer(correlationId: number): Buffer {
  const bytes = Buffer.alloc(14);
  bytes.writeInt32BE(10, 0);
  bytes.writeInt32BE(correlationId, 4);
  return bytes;
}

it('reads the first answer of a new connection whole, when the one before was cut in the middle of an answer', async () => {
  forgetOnReconnect();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const isCut = connections === 1;
    socket.on('data', (request) => {
      const whole = answer(request.readInt32BE(8));
      if (isCut) socket.write(whole.subarray(0, 9), () => socket.end());
      else socket.write(whole);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new KafkajsConnection({
    host: '127.0.0.1',
    port,
    logger: silent,
    requestTimeout: 1_000,
    connectionTimeout: 1_000,
    socketFactory: (to: { port: number; host: string; onConnect(): void }): Socket =>
      connect({ port: to.port, host: to.host }, to.onConnect),
  });
  const ask = () => connection.send(apiVersions.protocol({ version: 0 })());
  try {
    await connection.connect();
    await expect(ask()).rejects.toThrow('Closed connection');
    await connection.connect();
    await expect(ask()).resolves.toMatchObject({ apiVersions: [] });
  } finally {
    await connection.disconnect();
    server.close();
  }
});
