import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CallContext } from '@troupe/chassis';
import { outcomeOf } from '@troupe/chassis/testing';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SendRequest } from '../src/notification.ts';
import { smtp } from '../src/ports.ts';

const request: SendRequest = {
  notificationId: '0198c000-0000-7000-8000-00000000ffff',
  orderId: '0198c000-0000-7000-8000-00000000abcd',
  template: 'ORDER_CONFIRMED',
  recipient: 'demo=20x@customers.troupe.example',
  subject: 'Your order is on its way',
  text: 'Hello,\n\nit is on its way.',
};
const context = (signal = AbortSignal.timeout(5000)): CallContext => ({
  idempotencyKey: 'Send/x',
  causationId: 'event-1',
  depth: 1,
  attempt: 1,
  signal,
  headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
});

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A real SMTP server on a free port that answers as the test wants. */
async function mailServer(answers: SMTPServerOptions = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    async onData(stream, _session, done) {
      let mail = '';
      for await (const chunk of stream) mail += chunk;
      mails.push(mail);
      done();
    },
    ...answers,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  const mailer = smtp({ smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'Troupe <orders@troupe.example>' });
  return { mails, perform: (signal?: AbortSignal) => outcomeOf(mailer, request, context(signal)) };
}

/** A server that answers each line of a client as the test wants; undefined: as a server does. */
async function stranger(answer: (command: string) => string | undefined) {
  let isMail = false;
  const usual = (command: string): string | undefined => {
    if (isMail && command !== '.') return undefined;
    isMail = command === 'DATA';
    return isMail ? '354 go on' : '250 ok';
  };
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write('220 stranger ESMTP\r\n');
    createInterface(socket).on('line', (line) => {
      const usually = usual(line);
      const said = usually && (answer(line) ?? usually);
      if (said !== undefined) socket.write(`${said}\r\n`);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  // The mailer keeps its connections open, and they would keep this process alive.
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  open.push({ close });
  const mailer = smtp({ smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'orders@troupe.example' });
  return { perform: () => outcomeOf(mailer, request, context()) };
}

const reply = (code: number, message: string) => Object.assign(new Error(message), { responseCode: code });

describe('a message that the server takes', () => {
  it('carries the order, the trace, and an id that a repeat shares', async () => {
    const { mails, perform } = await mailServer();
    expect(await perform()).toMatchObject({ kind: 'accepted', reply: expect.stringMatching(/^250/) });
    expect(await perform()).toMatchObject({ kind: 'accepted' });
    expect(mails).toHaveLength(2);
    for (const mail of mails) {
      expect(mail).toContain('Message-ID: <0198c000-0000-7000-8000-00000000ffff@troupe.example>');
      expect(mail).toMatch(new RegExp(`^X-Order-Id: ${request.orderId}\\r$`, 'im'));
      expect(mail).toMatch(/^traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r$/im);
      expect(mail).toContain('To: demo=20x@customers.troupe.example');
      expect(mail).toContain('it is on its way.');
    }
  });
});

describe('a message that the server refuses for good', () => {
  it.each([
    ['the recipient', { onRcptTo: (_a, _s, done) => done(reply(550, 'no such user')) }],
    ['the sender', { onMailFrom: (_a, _s, done) => done(reply(553, 'not from you')) }],
    ['the content', { onData: (stream, _s, done) => stream.resume().on('end', () => done(reply(554, 'spam'))) }],
  ] as [string, SMTPServerOptions][])('because of %s is refused, in the words of the server', async (_, answers) => {
    const { perform } = await mailServer(answers);
    expect(await perform()).toMatchObject({ kind: 'refused', reply: expect.stringMatching(/^55\d /) });
  });
});

describe('there is no answer, so the call is tried again,', () => {
  const noAnswer = { name: 'Retryable', code: 'SMTP_NO_ANSWER' };

  it('when nobody listens', async () => {
    const { perform } = await mailServer();
    for (const server of open.splice(0)) await server.close();
    await expect(perform()).rejects.toMatchObject(noAnswer);
  });

  it('when the server asks for another try (4xx)', async () => {
    const { perform } = await mailServer({ onRcptTo: (_a, _s, done) => done(reply(451, 'later')) });
    await expect(perform()).rejects.toMatchObject(noAnswer);
  });

  it.each([530, 534, 535, 538])('when the server wants us to log in first, or otherwise: %i', async (code) => {
    const { perform } = await mailServer({ onMailFrom: (_a, _s, done) => done(reply(code, 'log in')) });
    await expect(perform()).rejects.toMatchObject(noAnswer);
  });

  it('when the server refuses us rather than the message', async () => {
    const { perform } = await mailServer({ onConnect: (_s, done) => done(reply(554, 'not you')) });
    await expect(perform()).rejects.toMatchObject(noAnswer);
  });

  it.each(['hello', '999 no', 'DATA?'])('when the server says %j, which is no reply of SMTP', async (odd) => {
    const { perform } = await stranger((command) => (command === '.' ? odd : undefined));
    await expect(perform()).rejects.toMatchObject(noAnswer);
  });

  it('when the time is up', async () => {
    const deadline = new AbortController();
    const { perform } = await mailServer({ onData: (stream) => stream.resume().on('end', () => deadline.abort()) });
    await expect(perform(deadline.signal)).rejects.toMatchObject(noAnswer);
  });
});
