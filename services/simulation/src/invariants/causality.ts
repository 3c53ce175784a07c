import { compensationId, type SagaLog, stepId } from '@troupe/chassis';
import { depthOf } from '@troupe/chassis/internal';
import { EVENT_DEPTH_LIMIT } from '../broker/foreign-producers.ts';
import type { StoredEvent } from '../database/tables.ts';
import type { SystemUnderTest } from '../system/system-under-test.ts';

/** An event, as it is on its topic. */
interface PublishedEvent {
  readonly id: string;
  readonly cause: string;
  readonly depth: number;
  readonly saga: string;
  readonly type: string;
}

/**
 * Checks the trees that correlation and causation ids form. The cause of each event is an event of its saga or a step in the
 * saga's log. Each saga has one root: the event that has the saga's id. The root has the depth 1, every other event one more than
 * its cause.
 */
export function brokenCausality(system: SystemUnderTest): string[] {
  const published = [...system.servers.values()].flatMap(({ tables }) => tables.outbox).map(publishedEventOf);
  const known = new Map([...onTopics(system), ...published].map((event) => [event.id, event]));
  const sagas = [...new Set(published.map(({ saga }) => saga))];
  return sagas.flatMap((saga) => {
    const events = published.filter((event) => event.saga === saga);
    return treeViolations(saga, { events, known, steps: stepsOf(system, saga) });
  });
}

const publishedEventOf = ({ id, causationId: cause, depth, aggregateid: saga, type }: StoredEvent): PublishedEvent => ({
  id,
  cause,
  depth,
  saga,
  type,
});

/** Includes the records of foreign producers: they may be the cause of our events. */
function onTopics({ broker }: SystemUnderTest): PublishedEvent[] {
  const records = broker.topics.filter((topic) => topic.endsWith('.events')).flatMap((topic) => broker.records(topic));
  return records.flatMap(
    ({ headers: { ce_id: id, ce_type: type = '', ce_causationid: cause, ce_correlationid: saga, ce_depth } }) =>
      id === undefined || cause === undefined || saga === undefined
        ? []
        : [{ id, cause, depth: depthOf(ce_depth), saga, type }],
  );
}

/** The ids of the steps, as `GET /sagas/<id>` shows them. */
function stepsOf(system: SystemUnderTest, saga: string): ReadonlySet<string> {
  const log = system.server('order').tables.rows.get(`saga/${saga}`) as SagaLog | undefined;
  return new Set(
    log?.steps.flatMap(({ name, compensation }) => [
      stepId(saga, name),
      ...(compensation === undefined ? [] : [compensationId(saga, name)]),
    ]),
  );
}

interface Tree {
  /** The events of our services in the saga. */
  readonly events: readonly PublishedEvent[];
  /** Every event by its id, also those of foreign producers. */
  readonly known: ReadonlyMap<string, PublishedEvent>;
  readonly steps: ReadonlySet<string>;
}

function treeViolations(saga: string, { events, known, steps }: Tree): string[] {
  const roots = events.filter(({ id, cause }) => id === cause).map(({ id }) => id);
  const unknownCause = events.filter(({ cause }) => !known.has(cause) && !steps.has(cause));
  const cyclic = events.filter(({ id }) => isCyclic(id, known));
  const depths = new Set([...known.values()].filter((event) => event.saga === saga).map(({ depth }) => depth));
  const misplaced = events.filter((event) => !liesWhereItMust(event, { known, depths }));
  return [
    ...(roots.length === 1 && roots[0] === saga
      ? []
      : [`the saga ${saga} begins with ${roots.join(', ') || 'nothing'}`]),
    ...unknownCause.map(
      ({ type, cause }) => `the cause of ${type} of ${saga} is ${cause}, which is no event and no step of it`,
    ),
    ...cyclic.map(({ type }) => `the causes of ${type} of ${saga} go in circles`),
    ...misplaced.map(({ type, depth }) => `${type} of ${saga} has the depth ${depth}, and its cause says another`),
  ];
}

/** A step lies as deep as some event of its saga, which has led to it. A person who let an event go on that was too deep has made it a first one. */
function liesWhereItMust(
  { id, cause, depth }: PublishedEvent,
  { known, depths }: Pick<Tree, 'known'> & { readonly depths: ReadonlySet<number> },
): boolean {
  if (id === cause) return depth === 1;
  const above = known.get(cause)?.depth;
  if (above === undefined) return depths.has(depth - 1);
  return depth === (above > EVENT_DEPTH_LIMIT ? 1 : above) + 1;
}

function isCyclic(id: string, known: Tree['known']): boolean {
  let at = id;
  for (let steps = 0; steps <= known.size; steps += 1) {
    const cause = known.get(at)?.cause;
    if (cause === undefined || cause === at) return false;
    at = cause;
  }
  return true;
}
