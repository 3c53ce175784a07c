import type { ServiceName } from '@troupe/services';

/** Where the audited system is. It is read, and never written. */
export interface Site {
  /** The database of a service, as its own role. */
  databaseUrl(service: ServiceName): string;
  /** `host:port`, separated by commas. */
  readonly brokers: string;
  /** The books of the outside: the payment provider's ledger, the carrier's bookings. */
  readonly providerUrl: string;
  readonly carrierUrl: string;
  /** Put before topics and consumer groups. Default: nothing. */
  readonly topicPrefix?: string;
}
