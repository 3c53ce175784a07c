import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json, type StandIn, standIn } from '../../src/testing/partner.ts';
import { type TcpProxy, tcpProxy } from '../../src/testing/tcp-proxy.ts';

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

  it('holds answers back until it is told to speak, on connections old and new', async () => {
    await ask();
    proxy.silence();
    const answers = [ask(), ask()];
    let heard = 0;
    for (const answer of answers) void answer.then(() => (heard += 1));
    while (server.seen.length < 3) await new Promise(setImmediate);
    // Without the proxy, an answer would be here before this one, which is asked later.
    expect((await fetch(server.url, { method: 'POST', body: '{}' })).status).toBe(200);
    expect(heard).toBe(0);
    proxy.speakAgain();
    expect(await Promise.all(answers)).toEqual([200, 200]);
  });
});
