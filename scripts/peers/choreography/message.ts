import type { WantedOrder } from '../business/front.ts';

/** What travels, as JSON. */
export interface Message {
  /** The inbox key. */
  readonly id: string;
  readonly type: string;
  readonly order: WantedOrder;
  /** What it costs. */
  readonly amount: number;
  /** Of the payment. */
  readonly chargeId?: string;
  readonly reason?: 'PAYMENT_DECLINED' | 'OUT_OF_STOCK';
}

export const message = (type: string, about: Omit<Message, 'id' | 'type'>): Message => ({
  ...about,
  id: crypto.randomUUID(),
  type,
});
