import { join } from 'node:path';
import { queryInteger } from './server/fields.ts';
import type { Route } from './server/http.ts';
import { Journal } from './server/journal.ts';

/** How many of the newest messages can be read back. */
const KEPT = 10_000;

/** An e-mail as it was received. */
export interface Message {
  /** The Message-ID header. Not unique: an e-mail that is sent twice is received twice. */
  readonly messageId: string;
  /** The recipients of the envelope. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The header `X-Order-Id`, when it was sent. */
  readonly orderId?: string;
  readonly receivedAt: string;
}

/** The last 10,000 e-mails; kept on the disk before the sender is answered. */
export class Mailbox {
  #messages: Message[] = [];
  #journal!: Journal<Message>;

  /** Reads `messages.jsonl`, and `messages.jsonl.1` before it. */
  static async open(dataDir: string): Promise<Mailbox> {
    const mailbox = new Mailbox();
    mailbox.#journal = await Journal.open<Message>(
      join(dataDir, 'messages.jsonl'),
      (message) => mailbox.#take(message),
      KEPT,
    );
    return mailbox;
  }

  /** Resolves when the message is on the disk. */
  async receive(message: Message): Promise<void> {
    await this.#journal.append(message);
    this.#take(message);
  }

  /** The newest `limit` that match, oldest of them first. */
  find(wanted: { to: string | null; orderId: string | null; limit: number }): readonly Message[] {
    const { to, orderId } = wanted;
    return this.#messages
      .slice(-KEPT)
      .filter((message) => to === null || message.to.includes(to))
      .filter((message) => orderId === null || concerns(message, orderId))
      .slice(-wanted.limit);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }

  #take(message: Message): void {
    this.#messages.push(message);
    if (this.#messages.length >= 2 * KEPT) this.#messages = this.#messages.slice(-KEPT);
  }
}

/** `GET /messages?to=&orderId=&limit=` */
export function mailboxRoutes(mailbox: Mailbox): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/messages',
      handle: ({ query }) => {
        const limit = queryInteger(query, 'limit', { least: 1, most: KEPT, default: 1000 });
        const items = mailbox.find({ to: query.get('to'), orderId: query.get('orderId'), limit });
        return { status: 200, body: { items: items.map(shown), nextCursor: null } };
      },
    },
  ];
}

/** An e-mail is about the order that its header, or else its id, subject or text names. */
function concerns(message: Message, orderId: string): boolean {
  if (message.orderId !== undefined) return message.orderId === orderId;
  return [message.messageId, message.subject, message.text].some((part) => part.includes(orderId));
}

function shown({ to, ...message }: Message) {
  return { ...message, to: to.join(', ') };
}
