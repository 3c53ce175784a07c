import { type ServiceName, type Settings, StartError } from '@troupe/embedded';
import type { Stock } from '../measure/views.ts';
import type { SagaView } from './saga.ts';
import type { NotificationView, OrderView, PaymentView, ShipmentView } from './views.ts';

export interface Accepted {
  readonly orderId: string;
  readonly traceId: string;
  readonly links: {
    readonly self: string;
    readonly history: string;
    /** Of an order that has an orchestrator. */
    readonly saga?: string;
    readonly trace?: string;
    /** Where there is a console. */
    readonly console?: string;
  };
}

/** An answer that is neither what was asked for nor, where that was allowed, a 404 or 409. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Purchase {
  readonly sku: string;
  readonly quantity: number;
  readonly token: string;
}

/** The running system, as its users reach it: over HTTP and nothing else. */
export class Shop {
  readonly #ports: Settings['ports'];
  readonly #orchestrated: boolean;

  /** @param orchestrated whether orders are placed with an orchestrator. */
  constructor({ ports }: Settings, orchestrated = false) {
    this.#ports = ports;
    this.#orchestrated = orchestrated;
  }

  /** The address of a service, as a person types it. */
  address(service: ServiceName): string {
    return `http://localhost:${this.#ports[service]}`;
  }

  place({ sku, quantity, token }: Purchase): Promise<Accepted> {
    const path = this.#orchestrated ? '/orders/orchestrated' : '/orders';
    return this.#ask('order', `POST ${path}`, { items: [{ sku, quantity }], paymentToken: token });
  }

  /** What the orchestrator of an order wrote down; undefined when orders are placed without one. */
  async saga(orderId: string): Promise<SagaView | undefined> {
    return this.#orchestrated ? this.#ask<SagaView>('order', `GET /sagas/${orderId}`) : undefined;
  }

  /** The order; with `waitSeconds`, when it has come to rest, or as it is after that time. */
  order(orderId: string, waitSeconds = 0): Promise<OrderView> {
    return this.#ask('order', `GET /orders/${orderId}?wait=${waitSeconds}`);
  }

  cancel(orderId: string): Promise<OrderView> {
    return this.#ask('order', `POST /orders/${orderId}/cancel`, {});
  }

  payment(orderId: string): Promise<PaymentView | undefined> {
    return this.#find('payment', `GET /payments/${orderId}`);
  }

  decide(orderId: string, decision: 'approve' | 'reject'): Promise<PaymentView> {
    return this.#ask('payment', `POST /payments/${orderId}/approval`, { decision, reason: 'Decided by the demo.' });
  }

  /** Undefined when there is nothing to retry at this moment. */
  async retryRefund(orderId: string): Promise<PaymentView | undefined> {
    return this.#unless(409, this.#ask<PaymentView>('payment', `POST /payments/${orderId}/refund/retry`, {}));
  }

  stock(sku: string): Promise<Stock> {
    return this.#ask('inventory', `GET /stock/${sku}`);
  }

  restock(sku: string, quantity: number): Promise<Stock> {
    return this.#ask('inventory', `POST /stock/${sku}/restock`, { quantity, reason: 'For the demo.' });
  }

  shipment(orderId: string): Promise<ShipmentView | undefined> {
    return this.#find('shipping', `GET /shipments/${orderId}`);
  }

  async notifications(orderId: string): Promise<readonly NotificationView[]> {
    const { items } = await this.#ask<{ items: NotificationView[] }>('notification', `GET /notifications/${orderId}`);
    return items;
  }

  #find<Answer>(service: ServiceName, request: string): Promise<Answer | undefined> {
    return this.#unless(404, this.#ask<Answer>(service, request));
  }

  async #unless<Answer>(status: number, asking: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof Refused && error.status === status) return undefined;
      throw error;
    }
  }

  async #ask<Answer>(service: ServiceName, request: string, body?: object): Promise<Answer> {
    const [method = 'GET', path = '/'] = request.split(' ');
    const headers = { 'content-type': 'application/json', 'x-operator': 'demo' };
    const content = body && { headers, body: JSON.stringify(body) };
    const signal = AbortSignal.timeout(60_000);
    const response = await fetch(this.#base(service) + path, { method, signal, ...content }).catch((error: Error) => {
      throw new StartError([`${request} at ${this.address(service)} was not answered: ${reasonOf(error)}.`]);
    });
    const answer = (await response.json().catch(() => ({}))) as Answer & { readonly detail?: string };
    if (response.ok) return answer;
    throw new Refused(
      response.status,
      `${request} was answered ${response.status}: ${answer.detail ?? 'no reason given'}`,
    );
  }

  /** Not `localhost`, which on some machines is `::1` first. */
  #base(service: ServiceName): string {
    return `http://127.0.0.1:${this.#ports[service]}`;
  }
}

function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
