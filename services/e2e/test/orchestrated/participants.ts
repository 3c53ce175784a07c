import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Participant = 'payment' | 'inventory' | 'shipping';
export type Command =
  | 'ChargePayment'
  | 'RefundPayment'
  | 'ReserveStock'
  | 'ReleaseStock'
  | 'ScheduleShipment'
  | 'CancelShipment';

/**
 * What happens to a command on its way: `lost` before it arrives; `cut`: it arrives and is done, and its answer is lost;
 * `error`: answered with 500; `held` until it is let go.
 */
export type Mishap = 'lost' | 'cut' | 'error' | 'held';

interface Fault {
  readonly mishap: Mishap;
  left: number;
}

const COMMANDS: readonly [RegExp, Command][] = [
  [/^\/payments$/, 'ChargePayment'],
  [/^\/payments\/([^/]+)\/refunds$/, 'RefundPayment'],
  [/^\/reservations$/, 'ReserveStock'],
  [/^\/reservations\/([^/]+)\/release$/, 'ReleaseStock'],
  [/^\/shipments$/, 'ScheduleShipment'],
  [/^\/shipments\/([^/]+)\/cancel$/, 'CancelShipment'],
];

interface Passing {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Stands between the orchestrator and its participants. Mishaps are wished for by customer, since the id of an order is not
 * known before its saga has begun; the first command of a saga, which names both, tells whose an order is.
 */
export class Participants {
  readonly #server: Server;
  readonly #targets = new Map<Participant, string>();
  readonly #faults = new Map<string, Fault>();
  readonly #customers = new Map<string, string>();
  readonly #away = new Set<Participant>();
  readonly #held: (() => Promise<unknown>)[] = [];
  /** What passed through, in order: `<order> <command>`. */
  readonly passed: string[] = [];

  static async listen(): Promise<Participants> {
    const participants = new Participants();
    participants.#server.listen(0, '127.0.0.1');
    await once(participants.#server, 'listening');
    return participants;
  }

  private constructor() {
    this.#server = createServer((incoming, response) => void this.#pass(incoming, response));
  }

  url(participant: Participant): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${participant}`;
  }

  aim(participant: Participant, target: string): void {
    this.#targets.set(participant, target);
  }

  /** The next commands of a customer's orders have a mishap. */
  wish(customer: string, command: Command, mishap: Mishap, times = Number.POSITIVE_INFINITY): void {
    this.#faults.set(`${customer} ${command}`, { mishap, left: times });
  }

  /** Nothing reaches a participant, until it is back. */
  away(participant: Participant): () => void {
    this.#away.add(participant);
    return () => this.#away.delete(participant);
  }

  /** Lets go what is held; resolves when it has been answered. */
  async letGo(): Promise<void> {
    await Promise.all(this.#held.splice(0).map((go) => go()));
  }

  get holding(): number {
    return this.#held.length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, participant = '', path = ''] = /^\/(\w+)(\/.*)$/.exec(incoming.url ?? '') ?? [];
    if (this.#away.has(participant as Participant)) return void incoming.socket.destroy();
    const body = Buffer.concat(await incoming.toArray());
    const passing: Passing = { method: incoming.method ?? 'GET', path, headers: incoming.headers, body };
    const target = this.#targets.get(participant as Participant) ?? '';
    switch (this.#mishapOf(passing)) {
      case 'lost':
        return void incoming.socket.destroy();
      case 'error':
        return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"code":"BROKEN"}');
      case 'cut':
        await forward(target, passing);
        return void incoming.socket.destroy();
      case 'held':
        // Nobody waits for its answer any more, when it is let go.
        return void this.#held.push(() => forward(target, passing));
      default:
    }
    const answer = await forward(target, passing).catch(() => undefined);
    if (answer === undefined) return void incoming.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  #mishapOf({ method, path, body }: Passing): Mishap | undefined {
    if (method !== 'POST') return undefined;
    const [pattern, command] = COMMANDS.find(([pattern]) => pattern.test(path)) ?? [];
    if (command === undefined) return undefined;
    const said = JSON.parse(String(body)) as { orderId?: string; customerId?: string };
    const orderId = said.orderId ?? pattern?.exec(path)?.[1] ?? '';
    if (said.customerId !== undefined) this.#customers.set(orderId, said.customerId);
    this.passed.push(`${orderId} ${command}`);
    const fault = this.#faults.get(`${this.#customers.get(orderId)} ${command}`);
    if (fault === undefined || fault.left === 0) return undefined;
    fault.left -= 1;
    return fault.mishap;
  }
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function forward(target: string, { method, path, headers, body }: Passing): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${target}${path}`,
      { method, headers: { ...headers, host: new URL(target).host } },
      (answer) => {
        answer
          .toArray()
          .then(
            (chunks) =>
              resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(chunks) }),
            reject,
          );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
