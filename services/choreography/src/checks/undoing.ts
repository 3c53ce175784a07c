import type { Choreography, MapEvent, MapStep } from '../map/choreography.ts';
import { type Graph, graphOf, idOf, type Message } from '../walk/graph.ts';
import { eventsCausedBy, reachedFrom } from '../walk/reach.ts';
import { type Check, type Finding, listed } from './finding.ts';
import { schemaFile } from './speaking.ts';

/** Whatever a saga does on its way to success is undone when it fails later. */
export const effectsWithoutUndo: Check = (map) => {
  const graph = graphOf(map, 'choreographed');
  return [...undeclared(map, graph), ...notUndone(map, graph), ...uncompensated(map)];
};

const messageOf = ({ name, owner: service }: MapEvent): Message => ({ kind: 'event', name, service });

/** An event on the way from the beginning of a saga to its success says what undoes it. */
function undeclared(map: Choreography, graph: Graph): Finding[] {
  const begun = graph.rows.flatMap(({ begins }) => begins ?? []);
  const beginnings = map.events.filter(({ name }) => begun.includes(name));
  const ends = map.events.filter(({ ends }) => ends !== undefined);
  const reached = reachedFrom(graph, beginnings.map(messageOf));
  return map.events.flatMap((event): Finding[] => {
    if (beginnings.includes(event) || ends.includes(event) || event.undoneBy !== undefined) return [];
    if (!reached.has(idOf(messageOf(event))) || !isNeeded(map, graph, event, beginnings)) return [];
    const { name, owner } = event;
    const text = `A saga succeeds only after ${name}, so ${owner} has done something by then that must be undone when the saga fails later; but ${schemaFile(owner, name)} does not say what undoes it. Add "undoneBy" with the event of ${owner} which says so.`;
    return [{ code: 'EFFECT_WITHOUT_UNDO', place: name, text }];
  });
}

/** Whether no saga succeeds without this event. */
function isNeeded(map: Choreography, graph: Graph, event: MapEvent, beginnings: readonly MapEvent[]): boolean {
  const successes = map.events.filter(({ ends }) => ends === 'success').map((success) => idOf(messageOf(success)));
  const roots = beginnings.map(messageOf);
  const withIt = reachedFrom(graph, roots, ({ kind }) => kind === 'timer');
  const without = reachedFrom(graph, roots, (m) => m.kind === 'timer' || idOf(m) === idOf(messageOf(event)));
  return successes.some((success) => withIt.has(success) && !without.has(success));
}

/** A failure that may come after an effect makes its owner undo it, on each way that leads there. */
function notUndone(map: Choreography, graph: Graph): Finding[] {
  const failures = map.events.filter(({ ends }) => ends === 'failure');
  return map.events.flatMap((effect) => {
    const undone = map.events.find(({ name }) => name === effect.undoneBy);
    if (undone === undefined) return [];
    return failures.flatMap((failure): Finding[] => {
      if (makesUndone(graph, failure, undone) || !mayFollow(graph, { effect, undone, failure })) return [];
      const { owner, name } = effect;
      const text = `A saga may end with ${failure.name} after ${name}, and nothing makes ${owner} undo that: ${owner} does not emit ${undone.name} because of ${failure.name}, and there is a way to ${failure.name} without it. Add a row on(${failure.name}, …) to the table of ${owner} that leads to ${undone.name}.`;
      return [{ code: 'EFFECT_WITHOUT_UNDO', place: `${name} before ${failure.name}`, text }];
    });
  });
}

/** Whether the owner of the effect undoes it because it hears of the failure. */
const makesUndone = (graph: Graph, failure: MapEvent, undone: MapEvent): boolean =>
  graph
    .hearing(messageOf(failure))
    .filter(({ service }) => service === undone.owner)
    .some((row) => eventsCausedBy(graph, row).some(({ name }) => name === undone.name));

interface Way {
  readonly effect: MapEvent;
  readonly undone: MapEvent;
  readonly failure: MapEvent;
}

/** Whether the failure may come after the effect without its undoing: by a way of events, or at any time by a person or a timer. */
function mayFollow(graph: Graph, { effect, undone, failure }: Way): boolean {
  const untimely = graph
    .saying(messageOf(failure))
    .some(({ hears: { kind } }) => kind === 'command' || kind === 'timer');
  const closed = (message: Message): boolean => idOf(message) === idOf(messageOf(undone));
  return untimely || reachedFrom(graph, [messageOf(effect)], closed).has(idOf(messageOf(failure)));
}

/** A step whose participant has an effect has a compensation that undoes it. */
function uncompensated(map: Choreography): Finding[] {
  const graph = graphOf(map, 'orchestrated');
  const causedBy = ({ asks }: Pick<MapStep, 'asks'>): readonly string[] => {
    if (asks?.service === undefined || asks.command === undefined) return [];
    const command: Message = { kind: 'command', name: asks.command, service: asks.service };
    return graph.hearing(command).flatMap((row) => eventsCausedBy(graph, row).map(({ name }) => name));
  };
  return map.sagas.flatMap(({ name: saga, version, steps }) =>
    steps.flatMap((step): Finding[] => {
      const said = causedBy(step);
      const effects = map.events.filter(({ name, undoneBy }) => undoneBy !== undefined && said.includes(name));
      const undone = step.compensation === undefined ? [] : causedBy(step.compensation);
      const left = effects.filter(({ undoneBy = '' }) => !undone.includes(undoneBy));
      if (left.length === 0) return [];
      const names = listed(left.map(({ name }) => name));
      const wanted = listed(left.map(({ undoneBy = '' }) => undoneBy));
      const text = `The step "${step.name}" of the saga ${saga} leads to ${names}, and its compensation does not lead to ${wanted}: what the step did would stand when a later step fails. Add .compensate(…) with a call that asks ${step.asks?.service} to undo it.`;
      return [{ code: 'EFFECT_WITHOUT_UNDO', place: `${saga} ${version}: ${step.name}`, text }];
    }),
  );
}
