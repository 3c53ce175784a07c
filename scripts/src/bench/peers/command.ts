import { type Reporter, settingsFrom } from '@troupe/embedded';
import { installPeers } from '../../../peers/install.ts';
import type { Calls } from '../../../peers/settings.ts';
import { oneOf, someOf } from '../../terminal/options.ts';
import { alwaysWhole, SYSTEMS, type SystemName } from './run-figures.ts';
import { type Entry, measureAll, type PeersFigures } from './runs.ts';

export interface PeersOptions {
  readonly warmUp: number;
  readonly orders: number;
  readonly runs: number;
  /** Names with commas; empty for all. */
  readonly systems: string;
  readonly calls: string;
  readonly report: Reporter;
  readonly signal: AbortSignal;
}

/** `npm run bench -- --peers`. */
export async function comparePeers(options: PeersOptions): Promise<PeersFigures> {
  const { runs, warmUp, orders, report, signal } = options;
  const calls = oneOf('calls', ['four', 'same', 'both'], options.calls);
  const entries = entriesOf(systemsOf(options.systems), calls);
  const packages = await installPeers({ settings: settingsFrom(process.env), report, signal });
  return measureAll({ entries, runs, warmUp, orders, packages, report, signal });
}

function systemsOf(text: string): readonly SystemName[] {
  const names = someOf('systems', SYSTEMS, text);
  return names.length === 0 ? SYSTEMS : names;
}

/** Ours and the bare one are there once; each other peer is there with the calls that were asked for. */
export function entriesOf(systems: readonly SystemName[], calls: Calls | 'both'): Entry[] {
  const forms: readonly Calls[] = calls === 'both' ? ['four', 'same'] : [calls];
  return systems.flatMap((system): Entry[] =>
    alwaysWhole(system) ? [{ system, calls: 'same' }] : forms.map((form) => ({ system, calls: form })),
  );
}
