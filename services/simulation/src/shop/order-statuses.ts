/** The rows of a service, by key. */
export type RowsOf = (service: string) => { get(key: string): unknown };

interface Status {
  readonly status: string;
  readonly reason?: string;
}

/** The status of an order in each service; `nothing` where the service has no row of it. */
export function statusesOf(rowsOf: RowsOf, orderOf: (row: unknown) => Status | undefined, orderId: string) {
  const status = (service: string, key = orderId) =>
    (rowsOf(service).get(key) as { status?: string } | undefined)?.status ?? 'nothing';
  return {
    order: orderOf(rowsOf('order').get(orderId))?.status ?? 'nothing',
    payment: status('payment'),
    reservation: status('inventory', `reservation/${orderId}`),
    shipment: status('shipping'),
  };
}
export type OrderStatuses = ReturnType<typeof statusesOf>;
