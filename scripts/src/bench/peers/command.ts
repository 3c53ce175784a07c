import type { Reporter } from '@troupe/embedded';
import { settingsFrom } from '@troupe/embedded';
import { oneOf } from '../../terminal/options.ts';
import { installPeers } from '../../../peers/install.ts';
import { alwaysWhole, SYSTEMS, type SystemName } from './run-figures.ts';
import { type Entry, measureAll, type PeersFigures } from './runs.ts';
import type { Calls } from '../../../peers/settings.ts';

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
  const names = text.split(',').filter((word) => word !== '');
  return names.length === 0 ? SYSTEMS : names.map((word) => oneOf('systems', SYSTEMS, word));
}

/** Ours once, and the bare one; each other peer with the calls that were asked for. */
export function entriesOf(systems: readonly SystemName[], calls: Calls | 'both'): Entry[] {
  const forms: readonly Calls[] = calls === 'both' ? ['four', 'same'] : [calls];
  return systems.flatMap((system): Entry[] =>
    alwaysWhole(system) ? [{ system, calls: 'same' }] : forms.map((form) => ({ system, calls: form })),
  );
}
