/** The rows of a service, as far as somebody looks at them from outside. */
export type RowsOf = (service: string) => { get(key: string): unknown };

interface Standing {
  readonly status: string;
  readonly reason?: string;
}

/** Where every service stands with an order; `nothing` where it knows nothing of it. */
export function standings(rowsOf: RowsOf, orderOf: (row: unknown) => Standing | undefined, orderId: string) {
  const status = (service: string, key = orderId) =>
    (rowsOf(service).get(key) as { status?: string } | undefined)?.status ?? 'nothing';
  return {
    order: orderOf(rowsOf('order').get(orderId))?.status ?? 'nothing',
    payment: status('payment'),
    reservation: status('inventory', `reservation/${orderId}`),
    shipment: status('shipping'),
  };
}
export type Standings = ReturnType<typeof standings>;
