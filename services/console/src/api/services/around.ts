import type { Asking } from '../../asking/asking.ts';
import type { AroundView } from '../../contract/services.ts';
import type { Reached } from '../../saga/input.ts';
import { countOf, durationOf } from '../../saga/words.ts';

export interface AroundParts {
  readonly asking: Asking;
  readonly now: () => number;
  /** How far the console itself has come. */
  readonly reading?: () => { readonly behind: number; readonly newestAt: string | null };
}

const PARTNERS: Readonly<Record<string, string>> = {
  provider: 'Payment provider',
  carrier: 'Carrier',
  mailbox: 'Mail',
};

/** Kafka, the registry, the outside, and the console. */
export function aroundOf(parts: AroundParts): readonly AroundView[] {
  const { asking, now } = parts;
  const part = (name: string, reached: Reached, text: string): AroundView => ({
    name,
    standing: reached.awaySince === null ? 'ready' : 'away',
    text: reached.awaySince === null ? text : awayText(reached, now()),
  });
  return [
    part('Kafka', asking.broker.reached, brokerText(asking)),
    part('Schema registry', asking.registry.reached, `${countOf(asking.registry.subjects)} subjects`),
    ...databases(asking),
    ...asking.partners.map(({ name, reached }) => part(PARTNERS[name] ?? name, reached, 'answers')),
    consoleView(parts),
  ];
}

const awayText = ({ awaySince, reason }: Reached, now: number): string =>
  `has not answered for ${durationOf(now - Date.parse(awaySince ?? ''))}: ${reason}`;

function brokerText({ broker }: Asking): string {
  const seen = broker.topicNames.map((name) => broker.topic(name).partitions.length);
  const partitions = seen.reduce((sum, count) => sum + count, 0);
  return `${seen.filter((count) => count > 0).length} topics, ${partitions} partitions`;
}

/** As the services know them: each has a database of its own, and says when that does not answer. */
function databases({ services }: Asking): readonly AroundView[] {
  const asked = services.filter(({ seen }) => seen.standing !== 'away' && seen.page !== null);
  const silent = asked.filter(({ seen }) => seen.page?.stored === null).map(({ service }) => service.name);
  const kept = asked.reduce((sum, { seen }) => sum + (seen.page?.relay.retainedBytes ?? 0), 0);
  const megabytes = (kept / 1_048_576).toFixed(1);
  const text =
    silent.length === 0
      ? `${asked.length} databases answer, ${megabytes} MB kept for relays`
      : `does not answer ${silent.join(', ')}`;
  return [{ name: 'PostgreSQL', standing: silent.length > 0 ? 'away' : 'ready', text }];
}

function consoleView({ asking, reading, now }: AroundParts): AroundView {
  const { behind = 0, newestAt = null } = reading?.() ?? {};
  const group = asking.broker.group(asking.ownGroup);
  const isMember = group === undefined || group.members.length > 0;
  const age = newestAt === null ? '' : `, newest record ${durationOf(now() - Date.parse(newestAt))} ago`;
  return {
    name: 'This console',
    standing: isMember ? 'ready' : 'not ready',
    text: isMember
      ? `${countOf(behind)} records behind the topics${age}`
      : 'is no member of its group: nothing is read',
  };
}
