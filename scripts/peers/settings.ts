/** Which calls a peer makes: those of four steps (order, charge, reserve, end), or carrier and mail as well, as ours does. */
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
