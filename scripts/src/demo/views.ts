// What the services answer, as far as the demo looks at it.

export interface OrderView {
  readonly orderId: string;
  readonly status: string;
  readonly reason: string | null;
  /** Minor units. */
  readonly total: number;
}

export interface PaymentView {
  readonly status: string;
  readonly amount?: number;
  readonly reason?: string;
}

export interface ShipmentView {
  readonly status: string;
  readonly trackingNumber?: string;
}

export interface NotificationView {
  readonly template: string;
  readonly status: string;
}
