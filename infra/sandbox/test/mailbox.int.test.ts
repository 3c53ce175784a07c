import { afterEach, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { cleanUp, folder, itemsOf, type Running, start } from './running.ts';

afterEach(cleanUp);

async function send(mailbox: Running, to: string, extra: object = {}): Promise<void> {
  const transport = createTransport(`${mailbox.smtp}`);
  const mail = { from: 'troupe@troupe.example', to, subject: 'Your order', text: 'Order 42 is confirmed — à bientôt.' };
  await transport.sendMail({ ...mail, ...extra }).finally(() => transport.close());
}

describe('the mailbox', () => {
  it('shows what was sent, by recipient and by order', async () => {
    const mailbox = await start('mailbox', folder());
    await send(mailbox, 'ada@customers.troupe.example', { messageId: '<42/ORDER_CONFIRMED@troupe.example>' });
    await send(mailbox, 'bob@customers.troupe.example', { headers: { 'X-Order-Id': '43' } });
    expect(await itemsOf(`${mailbox.url}/messages?to=ada@customers.troupe.example`)).toEqual([
      {
        messageId: '<42/ORDER_CONFIRMED@troupe.example>',
        to: 'ada@customers.troupe.example',
        subject: 'Your order',
        text: expect.stringContaining('Order 42 is confirmed — à bientôt.'),
        receivedAt: expect.any(String),
      },
    ]);
    expect(await itemsOf(`${mailbox.url}/messages?orderId=42`)).toHaveLength(1);
    expect(await itemsOf(`${mailbox.url}/messages?orderId=43`)).toMatchObject([{ to: 'bob@customers.troupe.example' }]);
    expect(await itemsOf(`${mailbox.url}/messages?limit=1`)).toMatchObject([{ to: 'bob@customers.troupe.example' }]);
  });

  it('refuses recipients that begin with bounce, for good', async () => {
    const mailbox = await start('mailbox', folder());
    await expect(send(mailbox, 'bounce-7@customers.troupe.example')).rejects.toMatchObject({ responseCode: 550 });
    expect(await itemsOf(`${mailbox.url}/messages`)).toEqual([]);
  });

  it('refuses a message that is too large and takes the next', async () => {
    const mailbox = await start('mailbox', folder());
    await expect(send(mailbox, 'ada@x.example', { text: 'long\n'.repeat(20_000) })).rejects.toMatchObject({
      responseCode: 552,
    });
    await send(mailbox, 'ada@x.example');
    expect(await itemsOf(`${mailbox.url}/messages`)).toHaveLength(1);
  });

  it('has every message that it accepted after kill -9', async () => {
    const dataDir = folder();
    const mailbox = await start('mailbox', dataDir);
    for (const n of [1, 2, 3]) await send(mailbox, `customer-${n}@x.example`);
    await mailbox.stop('SIGKILL');
    const again = await start('mailbox', dataDir);
    expect((await itemsOf(`${again.url}/messages`)).map((message) => message.to)).toEqual([
      'customer-1@x.example',
      'customer-2@x.example',
      'customer-3@x.example',
    ]);
  });

  it('ends on SIGTERM with code 0, also when a client stays connected', async () => {
    const mailbox = await start('mailbox', folder());
    const transport = createTransport({ url: mailbox.smtp, pool: true } as object);
    await transport.sendMail({ from: 'a@x.example', to: 'b@x.example', text: 'hello' });
    expect(await mailbox.stop('SIGTERM')).toBe(0);
    transport.close();
  });
});
