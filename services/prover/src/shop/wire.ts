import type { AnyTable } from '@troupe/chassis/internal';
import type { DomainEvent } from '@troupe/schemas';
import { codecFor } from '@troupe/simulation/shop';
import type { Message } from '../model/message.ts';

/** Takes events over the wire by the production codec: a reader finds what the schemas make of them. */
export async function wireOf(tables: readonly AnyTable[]): Promise<(event: DomainEvent) => Message> {
  const codec = await codecFor(tables.map((table) => ({ table })));
  const types = new Map(
    tables.flatMap(({ reactions }) => reactions.flatMap(({ emits }) => emits)).map((type) => [type.messageName, type]),
  );
  // A message of which only the header is looked at: the registry in memory counts its schemas from 1.
  await codec.learn([...types.keys()].map((_, at) => Buffer.from([0, 0, 0, 0, at + 1, 0])));
  return (event) => {
    const { type, data } = codec.decode(codec.encode(event));
    return { kind: 'event', type: type.messageName, key: type.keyOf(data), data };
  };
}
