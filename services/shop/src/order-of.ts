import type { DomainEvent } from '@troupe/schemas';

/** The order that an event is about. Each event of the shop declares it as its key. */
export const orderOf = ({ data }: DomainEvent): string => (data as { readonly orderId: string }).orderId;
