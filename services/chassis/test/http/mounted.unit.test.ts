import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop?.close());

describe('what is mounted beside the routes', () => {
  it('answers what no route answers, and with a limit of its own', async () => {
    shop = await openShop({
      mounted: [
        { path: '/spans', handler: express.raw({ type: () => true, limit: 10 }) },
        { path: '/spans', handler: (request, response) => void response.send(String(request.body.length)) },
        { path: '/', handler: page },
      ],
    });
    expect(await (await shop.fetch('/index.html')).text()).toBe('a page');
    expect(await (await shop.fetch('/spans', { method: 'POST', body: 'ten bytes!' })).text()).toBe('10');
    expect((await shop.fetch('/spans', { method: 'POST', body: 'eleven byte' })).status).not.toBe(200);
  });

  it('takes no route, no health and no 404 away', async () => {
    shop = await openShop({ mounted: [{ path: '/', handler: page }] });
    expect((await shop.fetch('/orders')).headers.get('content-type')).toContain('application/json');
    expect(await (await shop.fetch('/livez')).json()).toEqual({ live: true });
    expect(await (await shop.fetch('/nowhere')).json()).toMatchObject({ code: 'ADDRESS_NOT_FOUND' });
  });
});

const page: express.RequestHandler = (request, response, next) =>
  request.path === '/index.html' ? void response.send('a page') : next();
