import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json, type StandIn, standIn } from '../src/testing/partner.ts';
import { type TcpProxy, tcpProxy } from '../src/testing/tcp-proxy.ts';

let server: StandIn;
let proxy: TcpProxy;
beforeAll(async () => {
  server = await standIn(json(200, { done: true }));
  proxy = await tcpProxy(server.url);
});
beforeEach(() => void server.seen.splice(0));
afterAll(async () => {
  await proxy.close();
  server.close();
});

const ask = async () => (await fetch(proxy.url, { method: 'POST', body: '{}' })).status;

describe('a proxy that loses answers', () => {
  it('passes on what is asked and answered', async () => {
    expect(await ask()).toBe(200);
  });

  it('passes a request on and cuts its answer, so many times', async () => {
    proxy.loseAnswers(2);
    await expect(ask()).rejects.toThrow();
    await expect(ask()).rejects.toThrow();
    expect(await ask()).toBe(200);
    expect(server.seen).toHaveLength(3);
  });
});
