import { compensationId, type SagaLog, stepId } from '@troupe/chassis';
import type { SystemUnderTest } from '../system/system-under-test.ts';

/** An event, as it is on its topic. */
interface PublishedEvent {
  readonly id: string;
  readonly cause: string;
  readonly saga: string;
  readonly type: string;
}

/**
 * Checks the trees that correlation and causation ids form. The cause of each event is an event of its saga or a step in the
 * saga's log. Each saga has one root: the event that has the saga's id.
 */
export function brokenCausality(system: SystemUnderTest): string[] {
  const published = [...system.servers.values()].flatMap(({ tables }) => tables.outbox).map(publishedEventOf);
  const causes = new Map([...onTopics(system), ...published].map(({ id, cause }) => [id, cause]));
  const sagas = [...new Set(published.map(({ saga }) => saga))];
  return sagas.flatMap((saga) => {
    const events = published.filter((event) => event.saga === saga);
    return treeViolations(saga, { events, causes, steps: stepsOf(system, saga) });
  });
}

const publishedEventOf = ({ id, causationId: cause, aggregateid: saga, type }: Row): PublishedEvent => ({
  id,
  cause,
  saga,
  type,
});
type Row = Readonly<Record<'id' | 'causationId' | 'aggregateid' | 'type', string>>;

/** Includes the records of foreign producers: they may be the cause of our events. */
function onTopics({ broker }: SystemUnderTest): PublishedEvent[] {
  const records = broker.topics.filter((topic) => topic.endsWith('.events')).flatMap((topic) => broker.records(topic));
  return records.flatMap(
    ({ headers: { ce_id: id, ce_type: type = '', ce_causationid: cause, ce_correlationid: saga } }) =>
      id === undefined || cause === undefined || saga === undefined ? [] : [{ id, cause, saga, type }],
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
  /** The cause of each event, also of foreign producers. */
  readonly causes: ReadonlyMap<string, string>;
  readonly steps: ReadonlySet<string>;
}

function treeViolations(saga: string, { events, causes, steps }: Tree): string[] {
  const roots = events.filter(({ id, cause }) => id === cause).map(({ id }) => id);
  const unknownCause = events.filter(({ cause }) => !causes.has(cause) && !steps.has(cause));
  const cyclic = events.filter(({ id }) => isCyclic(id, causes));
  return [
    ...(roots.length === 1 && roots[0] === saga
      ? []
      : [`the saga ${saga} begins with ${roots.join(', ') || 'nothing'}`]),
    ...unknownCause.map(
      ({ type, cause }) => `the cause of ${type} of ${saga} is ${cause}, which is no event and no step of it`,
    ),
    ...cyclic.map(({ type }) => `the causes of ${type} of ${saga} go in circles`),
  ];
}

function isCyclic(id: string, causes: ReadonlyMap<string, string>): boolean {
  let at = id;
  for (let steps = 0; steps <= causes.size; steps += 1) {
    const cause = causes.get(at);
    if (cause === undefined || cause === at) return false;
    at = cause;
  }
  return true;
}
