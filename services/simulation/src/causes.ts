import { compensationId, type SagaLog, stepId } from '@troupe/chassis';
import type { Processes } from './machine/processes.ts';

/** An event as anybody sees it on its topic. */
interface Told {
  readonly id: string;
  readonly cause: string;
  readonly saga: string;
  readonly type: string;
}

/**
 * What is wrong with the trees that correlation and causation draw (DESIGN.md section 3): the cause of each event is an event of
 * its saga or a step of its saga's log, and each saga has one root, the event with its id.
 */
export function looseCauses(processes: Processes): string[] {
  const told = [...processes.servers.values()].flatMap(({ tables }) => tables.outbox).map(toldBy);
  const causes = new Map([...onTopics(processes), ...told].map(({ id, cause }) => [id, cause]));
  const sagas = [...new Set(told.map(({ saga }) => saga))];
  return sagas.flatMap((saga) => {
    const events = told.filter((event) => event.saga === saga);
    return wrongTree(saga, { events, causes, steps: stepsOf(processes, saga) });
  });
}

const toldBy = ({ id, causationId: cause, aggregateid: saga, type }: Row): Told => ({ id, cause, saga, type });
type Row = Readonly<Record<'id' | 'causationId' | 'aggregateid' | 'type', string>>;

/** Also what strangers have written: it may be the cause of what we tell. */
function onTopics({ broker }: Processes): Told[] {
  const records = broker.topics.filter((topic) => topic.endsWith('.events')).flatMap((topic) => broker.records(topic));
  return records.flatMap(
    ({ headers: { ce_id: id, ce_type: type = '', ce_causationid: cause, ce_correlationid: saga } }) =>
      id === undefined || cause === undefined || saga === undefined ? [] : [{ id, cause, saga, type }],
  );
}

/** As `GET /sagas/<id>` shows them. */
function stepsOf(processes: Processes, saga: string): ReadonlySet<string> {
  const log = processes.server('order').tables.rows.get(`saga/${saga}`) as SagaLog | undefined;
  return new Set(
    log?.steps.flatMap(({ name, compensation }) => [
      stepId(saga, name),
      ...(compensation === undefined ? [] : [compensationId(saga, name)]),
    ]),
  );
}

interface Tree {
  /** What our services told of the saga. */
  readonly events: readonly Told[];
  /** By event, also those of strangers. */
  readonly causes: ReadonlyMap<string, string>;
  readonly steps: ReadonlySet<string>;
}

function wrongTree(saga: string, { events, causes, steps }: Tree): string[] {
  const roots = events.filter(({ id, cause }) => id === cause).map(({ id }) => id);
  const loose = events.filter(({ cause }) => !causes.has(cause) && !steps.has(cause));
  const circling = events.filter(({ id }) => goesInCircles(id, causes));
  return [
    ...(roots.length === 1 && roots[0] === saga
      ? []
      : [`the saga ${saga} begins with ${roots.join(', ') || 'nothing'}`]),
    ...loose.map(
      ({ type, cause }) => `the cause of ${type} of ${saga} is ${cause}, which is no event and no step of it`,
    ),
    ...circling.map(({ type }) => `the causes of ${type} of ${saga} go in circles`),
  ];
}

function goesInCircles(id: string, causes: ReadonlyMap<string, string>): boolean {
  let at = id;
  for (let steps = 0; steps <= causes.size; steps += 1) {
    const cause = causes.get(at);
    if (cause === undefined || cause === at) return false;
    at = cause;
  }
  return true;
}
