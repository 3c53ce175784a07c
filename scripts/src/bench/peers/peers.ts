import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, type Ground, StartError, startGround } from '@troupe/embedded';
import { HttpClient } from '../../measure/http-client.ts';
import { Meter } from '../../measure/meter.ts';
import type { Around } from '../../measure/site.ts';
import { bare } from '../../../peers/bare/peer.ts';
import { dbos } from '../../../peers/dbos/peer.ts';
import { measurePeer } from './measure-peer.ts';
import type { Peer, PeerName, PeerPlace } from '../../../peers/peer.ts';
import { restate } from '../../../peers/restate/peer.ts';
import type { RunFigures } from './run-figures.ts';
import type { Calls } from '../../../peers/settings.ts';
import { tutorial } from '../../../peers/tutorial/peer.ts';

const PEER: Readonly<Record<PeerName, Peer>> = { bare, tutorial, restate, dbos };

export interface PeerRun extends Around {
  readonly name: PeerName;
  readonly calls: Calls;
  readonly packages: string;
  readonly warmUp: number;
  readonly orders: number;
}

/** One run of a peer on a stack of its own, with a new data folder, which is deleted at the end. */
export async function runPeer({ name, calls, packages, report, signal, ...counts }: PeerRun): Promise<RunFigures> {
  const peer = PEER[name];
  const dataDir = mkdtempSync(path.join(tmpdir(), `troupe-bench-${name}-`));
  const client = new HttpClient();
  try {
    const ground = await startGround({ dataDir, kafka: peer.kafka, report, signal });
    try {
      const site = await peer.start(placeOf(ground, { calls, packages, dataDir }));
      const meter = Meter.of(dataDir);
      if (meter === undefined)
        throw new StartError(['The peers are measured where /proc tells CPU and memory: on Linux.']);
      const { adminUrl } = ground.addresses;
      const outside = {
        providerUrl: ground.addresses.sandboxUrl('provider'),
        carrierUrl: ground.addresses.sandboxUrl('carrier'),
      };
      const books = { databaseUrl: site.databaseUrl, outside, client, further: calls === 'same' };
      try {
        return await measurePeer({ site, client, books, meter, adminUrl, signal, ...counts });
      } finally {
        meter.stop();
      }
    } finally {
      await ground.stop();
    }
  } finally {
    client.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function placeOf(ground: Ground, own: Pick<PeerPlace, 'calls' | 'packages' | 'dataDir'>): PeerPlace {
  const { addresses } = ground;
  const freePort = async (): Promise<number> => (await freePorts()).order;
  return {
    ...own,
    ground,
    freePort,
    settings: async ({ databaseUrl }) => ({
      ...{ port: await freePort(), calls: own.calls, databaseUrl, brokers: addresses.brokers },
      providerUrl: addresses.sandboxUrl('provider'),
      carrierUrl: addresses.sandboxUrl('carrier'),
      smtpUrl: addresses.smtpUrl,
    }),
  };
}
