/** How much of the outside a peer calls: what the four steps need, or carrier and mail server as well, as we do. */
export const CALLS = ['four', 'same'] as const;
export type Calls = (typeof CALLS)[number];

/** What the processes of a peer are given, as environment variables. */
export interface PeerSettings {
  readonly port: number;
  readonly calls: Calls;
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly providerUrl: string;
  readonly carrierUrl: string;
  readonly smtpUrl: string;
}

export function environmentOf(settings: PeerSettings): Record<string, string> {
  return { PEER: JSON.stringify(settings) };
}

export function settingsFromEnvironment(): PeerSettings {
  return JSON.parse(process.env.PEER ?? '{}') as PeerSettings;
}
