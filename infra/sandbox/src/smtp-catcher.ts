import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream } from 'smtp-server';
import type { Mailbox } from './messages.ts';
import { log } from './server/log.ts';

const MOST_MESSAGE_BYTES = 64 * 1024;
const LONGEST_TEXT = 10_000;
const STOP_MS = 2000;

/** Accepts every e-mail into the mailbox, except those to recipients whose local part begins with `bounce`: 550. */
export class SmtpCatcher {
  readonly #server: SMTPServer;

  private constructor(server: SMTPServer) {
    this.#server = server;
  }

  /** Resolves when connections are accepted. */
  static async listen(address: { host: string; port: number }, mailbox: Mailbox): Promise<SmtpCatcher> {
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      hideSTARTTLS: true,
      // Clients are on the same machine, so no name is looked up.
      disableReverseLookup: true,
      size: MOST_MESSAGE_BYTES,
      closeTimeout: STOP_MS,
      onRcptTo: ({ address: recipient }, _session, callback) => callback(refusalOf(recipient)),
      onData: (stream, session, callback) => {
        receive(mailbox, session.envelope.rcptTo, stream).then(
          () => callback(null),
          (error: unknown) => callback(asReply(error)),
        );
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.port, address.host, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', (error) => log('warn', `SMTP: ${error.message}`));
    return new SmtpCatcher(server);
  }

  /** `smtp://127.0.0.1:3025` */
  get url(): string {
    const { address, port } = this.#server.server.address() as AddressInfo;
    return `smtp://${address}:${port}`;
  }

  /** Refuses new connections and ends the open ones, at the latest after two seconds. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** An SMTP reply with its code, as smtp-server reads it from an error. */
class SmtpReply extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

function refusalOf(recipient: string): SmtpReply | null {
  if (!recipient.toLowerCase().startsWith('bounce')) return null;
  return new SmtpReply(550, `5.1.1 <${recipient}>: the mailbox does not exist`);
}

async function receive(
  mailbox: Mailbox,
  recipients: readonly SMTPServerAddress[],
  stream: SMTPServerDataStream,
): Promise<void> {
  const chunks: Buffer[] = [];
  let kept = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (kept <= MOST_MESSAGE_BYTES) chunks.push(chunk);
    kept += chunk.length;
  }
  if (stream.sizeExceeded || kept > MOST_MESSAGE_BYTES) {
    throw new SmtpReply(552, `5.3.4 The message is above ${MOST_MESSAGE_BYTES} bytes`);
  }
  const email = await PostalMime.parse(Buffer.concat(chunks));
  const orderId = email.headers.find((header) => header.key === 'x-order-id')?.value;
  await mailbox.receive({
    messageId: email.messageId ?? '',
    to: recipients.map((recipient) => recipient.address),
    subject: email.subject ?? '',
    text: (email.text ?? '').slice(0, LONGEST_TEXT).toWellFormed(),
    ...(orderId === undefined ? {} : { orderId }),
    receivedAt: new Date().toISOString(),
  });
}

/** A message that cannot be stored now may be sent again: 451. */
function asReply(error: unknown): SmtpReply {
  if (error instanceof SmtpReply) return error;
  log('error', 'a message could not be kept', { error: String(error) });
  return new SmtpReply(451, '4.3.0 The message could not be kept: try again');
}
