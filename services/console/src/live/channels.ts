import { DomainError } from '@troupe/chassis';
import { isId } from '@troupe/chassis/internal';

/** Of which everybody sees the same. */
export const SHARED = ['overview', 'services', 'map'] as const;
export type SharedName = (typeof SHARED)[number];

/** What one stream carries. */
export type Channel =
  | { readonly kind: 'shared'; readonly name: SharedName }
  | { readonly kind: 'changed'; readonly name: 'changed' }
  | { readonly kind: 'saga'; readonly name: string; readonly orderId: string }
  | { readonly kind: 'tail'; readonly name: string; readonly topics: ReadonlySet<string> };

const MOST_CHANNELS = 16;
const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;

/** `overview,saga:<id>,tail:<topic>+<topic>`. @throws DomainError 400 */
export function channelsOf(text: string): readonly Channel[] {
  const names = [...new Set(text.split(',').filter((name) => name !== ''))];
  if (names.length === 0 || names.length > MOST_CHANNELS)
    throw wrong(`1 to ${MOST_CHANNELS} channels, not ${names.length}`);
  return names.map(channelOf);
}

function channelOf(name: string): Channel {
  const shared = SHARED.find((known) => known === name);
  if (shared !== undefined) return { kind: 'shared', name: shared };
  if (name === 'changed') return { kind: 'changed', name };
  const [, kind, rest = ''] = /^(saga|tail):(.*)$/s.exec(name) ?? [];
  if (kind === 'saga' && isId(rest)) return { kind, name, orderId: rest };
  // A + in a query is a space, unless it is written as %2B.
  const topics = rest.split(/[+ ]/);
  if (kind === 'tail' && topics.every((topic) => TOPIC.test(topic)))
    return { kind, name: `tail:${topics.join('+')}`, topics: new Set(topics) };
  throw wrong('overview, services, map, changed, saga:<order id> and tail:<topic>+<topic>');
}

const wrong = (expected: string): DomainError =>
  new DomainError({
    code: 'INVALID_REQUEST',
    status: 400,
    title: 'The request does not have the expected form',
    detail: `The query channels takes ${expected}.`,
    faults: [{ field: 'query channels', message: `takes ${expected}` }],
  });
