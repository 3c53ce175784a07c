import type { Ground } from '@troupe/embedded';
import type { DatabaseUrl } from './business/tables.ts';
import type { Calls, PeerSettings } from './settings.ts';

/** The peers, in the order in which they are measured. */
export const PEERS = ['bare', 'tutorial', 'restate', 'dbos'] as const;
export type PeerName = (typeof PEERS)[number];

/** Another system with the same business. */
export interface Peer {
  readonly name: PeerName;
  /** Whether it needs a broker. */
  readonly kafka: boolean;
  /** Starts its processes, with tables and all else that they need. */
  start(place: PeerPlace): Promise<PeerSite>;
}

export interface PeerPlace {
  readonly ground: Ground;
  readonly calls: Calls;
  /** The folder with its packages. */
  readonly packages: string;
  readonly dataDir: string;
  /** What a process of it is given, with a port of its own. */
  settings(own: Pick<PeerSettings, 'databaseUrl'>): Promise<PeerSettings>;
  freePort(): Promise<number>;
}

/** A peer that runs. */
export interface PeerSite {
  /** A POST there is answered when the order is at its end. */
  readonly orderUrl: string;
  readonly databaseUrl: DatabaseUrl;
  /** Lets everything behind the order service stand still, until what it returns is called. Where there is such a thing. */
  pause?(): () => void;
}
