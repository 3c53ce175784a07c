import type { Choreography } from '@troupe/choreography';
import type { EdgeView } from '../../contract/services.ts';
import type { Duty } from '../../saga/protocol/duty.ts';
import { type Protocol, protocolOf } from '../../saga/protocol/protocol.ts';

/** An event from the service that says it to one that hears it, as the tables declare it. */
export interface DeclaredEdge extends Pick<EdgeView, 'event' | 'from' | 'to' | 'kind'> {
  readonly topic: string;
  /** What the reader answers; empty: it only notes. */
  readonly answers: readonly string[];
  readonly withinMs: number | null;
  readonly undoneBy: string | null;
}

const known = new WeakMap<Choreography, readonly DeclaredEdge[]>();

/** Every event with every reader, in the order of the map. Read from the map once. */
export function declaredEdges(map: Choreography): readonly DeclaredEdge[] {
  const edges = known.get(map) ?? read(map);
  known.set(map, edges);
  return edges;
}

function read(map: Choreography): readonly DeclaredEdge[] {
  const protocol = protocolOf(map, 'choreographed');
  return map.events.flatMap(({ name: event, owner: from, topic, heardBy, undoneBy }) =>
    heardBy.map((to) => {
      const duty = protocol.duties(event).find(({ service }) => service === to);
      return {
        event,
        from,
        to,
        topic,
        kind: kindOf(event, duty, protocol),
        answers: duty?.oneOf ?? [],
        withinMs: duty?.withinMs ?? null,
        undoneBy: undoneBy ?? null,
      };
    }),
  );
}

/** A reader that says nothing and that no step waits for is only informed, wherever the event leads. */
function kindOf(event: string, duty: Duty | undefined, protocol: Protocol): EdgeView['kind'] {
  const asks = [...protocol.askings.values()].some((asking) => asking.event === event);
  if (asks && !(duty?.nobodyWaits && duty.oneOf.length > 0)) return 'person';
  const answersNothing = duty === undefined || duty.nobodyWaits || (duty.oneOf.length === 0 && duty.undoes === null);
  const isGood = protocol.good.some((step) => step.event === event);
  if (duty?.undoes) return 'back';
  if (answersNothing) return isGood && endsThere(event, duty, protocol) ? 'there' : 'informs';
  return isGood ? 'there' : 'back';
}

/** The last step of the good way is heard by who owns what began: it says that all went well. */
function endsThere(event: string, duty: Duty | undefined, { good }: Protocol): boolean {
  const next = good[good.findIndex((step) => step.event === event) + 1];
  return duty !== undefined && next?.hears === event && next.service === duty.service;
}
