import { freePorts, type Ground, startGround } from '@troupe/embedded';
import { bare } from '../../../peers/bare/peer.ts';
import { dbos } from '../../../peers/orchestrated/dbos/peer.ts';
import { restate } from '../../../peers/orchestrated/restate/peer.ts';
import type { Peer, PeerName, PeerPlace } from '../../../peers/peer.ts';
import type { Calls } from '../../../peers/settings.ts';
import { tutorial } from '../../../peers/tutorial/peer.ts';
import { HttpClient } from '../../measure/http-client.ts';
import { Meter } from '../../measure/meter/meter.ts';
import type { Around } from '../../measure/site.ts';
import { withDataDir } from '../../stack/own-stack.ts';
import { measurePeer } from './measure-peer.ts';
import type { RunFigures } from './run-figures.ts';

const PEER: Readonly<Record<PeerName, Peer>> = { bare, tutorial, restate, dbos };

export interface PeerRun extends Around {
  readonly name: PeerName;
  readonly calls: Calls;
  readonly packages: string;
  readonly warmUp: number;
  readonly orders: number;
}

/** One run of a peer on a stack of its own, with a new data folder, which is deleted at the end. */
export function runPeer(run: PeerRun): Promise<RunFigures> {
  const { report, signal } = run;
  const { kafka } = PEER[run.name];
  return withDataDir(report, async (dataDir) => {
    const ground = await startGround({ dataDir, kafka, report, signal });
    try {
      return await measuredOn(ground, dataDir, run);
    } finally {
      await ground.stop();
    }
  });
}

async function measuredOn(ground: Ground, dataDir: string, run: PeerRun): Promise<RunFigures> {
  const { name, calls, packages, signal, warmUp, orders } = run;
  const { adminUrl, sandboxUrl } = ground.addresses;
  const site = await PEER[name].start(placeOf(ground, { calls, packages, dataDir }));
  const meter = Meter.required(dataDir);
  const client = new HttpClient();
  const outside = { providerUrl: sandboxUrl('provider'), carrierUrl: sandboxUrl('carrier') };
  const books = { databaseUrl: site.databaseUrl, outside, client, further: calls === 'same' };
  try {
    return await measurePeer({ site, client, books, meter, adminUrl, signal, warmUp, orders });
  } finally {
    meter.stop();
    client.close();
  }
}

function placeOf(ground: Ground, own: Pick<PeerPlace, 'calls' | 'packages' | 'dataDir'>): PeerPlace {
  const { brokers, smtpUrl, sandboxUrl } = ground.addresses;
  const freePort = async (): Promise<number> => (await freePorts()).order;
  return {
    ...own,
    ground,
    freePort,
    settings: async ({ databaseUrl }) => ({
      port: await freePort(),
      calls: own.calls,
      databaseUrl,
      brokers,
      providerUrl: sandboxUrl('provider'),
      carrierUrl: sandboxUrl('carrier'),
      smtpUrl,
    }),
  };
}
