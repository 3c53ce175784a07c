import {
  type Choreography,
  eventsCausedBy,
  type Flow,
  flowOf,
  graphOf,
  type MapEvent,
  type MapStyle,
} from '@troupe/choreography/graph';
import { askedSteps, goodStepsAsked } from './asked-steps.ts';
import { dutiesOf } from './duties.ts';
import type { AskedStep, Asking, Duty, FailedUndo, GoodStep } from './duty.ts';
import { goodSteps } from './good-steps.ts';
import { askingsOf, failedUndosOf } from './turning.ts';

/** What the tables declare for sagas of one style, by the names of events. */
export interface Protocol {
  readonly style: MapStyle;
  readonly map: Choreography;
  event(name: string): MapEvent | undefined;
  /** What each service that hears an event owes then, also those that only note it. */
  duties(event: string): readonly Duty[];
  /** What a service may say at all. */
  readonly sayable: ReadonlyMap<string, ReadonlySet<string>>;
  /** What may follow at a service from what people ask of it. Such events name the first event of the saga as their cause. */
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>;
  readonly good: readonly GoodStep[];
  readonly begins: ReadonlySet<string>;
  /** By effect, what undoes it; and the other way round. */
  readonly undoOf: ReadonlyMap<string, string>;
  readonly effectOf: ReadonlyMap<string, string>;
  readonly askings: ReadonlyMap<string, Asking>;
  readonly failedUndos: ReadonlyMap<string, FailedUndo>;
  /** By an event that is said instead of one on the good way: that one. Whoever asks a person does not refuse. */
  readonly refusals: ReadonlyMap<string, GoodStep>;
  /** Of an orchestrated saga; empty otherwise. */
  readonly steps: readonly AskedStep[];
  /** Everybody, in the order of the lanes: along the good way, then as the map has them. */
  readonly lanes: readonly string[];
}

const known = new WeakMap<Choreography, Map<MapStyle, Protocol>>();

/** Read from the map once for each style, since it is asked for each saga. */
export function protocolOf(map: Choreography, style: MapStyle): Protocol {
  const styles = known.get(map) ?? new Map<MapStyle, Protocol>();
  known.set(map, styles);
  const found = styles.get(style) ?? read(map, style);
  styles.set(style, found);
  return found;
}

function read(map: Choreography, style: MapStyle): Protocol {
  const flow: Flow = { ...flowOf(map), ...graphOf(map, style) };
  const steps = style === 'orchestrated' ? askedSteps(map, flow) : [];
  const good = style === 'orchestrated' ? goodStepsAsked(steps) : goodSteps(flow);
  const isGood = new Set(good.map(({ event }) => event));
  const duties = dutiesOf(flow, isGood);
  const undone = map.events.flatMap(({ name, undoneBy }) =>
    undoneBy === undefined ? [] : [[name, undoneBy] as const],
  );
  const commands = flow.rows.filter(({ hears }) => hears.kind === 'command');
  const undoOf = new Map(undone);
  const effectOf = new Map(undone.map(([effect, undo]) => [undo, effect]));
  const askings = askingsOf(map, flow, isGood);
  const failedUndos = failedUndosOf(flow);
  const says = (name: string): boolean =>
    !(isGood.has(name) || askings.has(name) || effectOf.has(name) || failedUndos.has(name)) &&
    flow.event(name)?.ends === undefined;
  const answers = [...steps.map(({ oneOf }) => oneOf), ...good.flatMap(({ hears }) => oneOfs(duties, hears))];
  return {
    style,
    map,
    event: flow.event,
    duties: (event) => duties.get(event) ?? [],
    sayable: byService(flow.rows.map(({ service, emits }) => [service, emits])),
    asked: byService(commands.map((row) => [row.service, eventsCausedBy(flow, row).map(({ name }) => name)])),
    good,
    begins: new Set(flow.rows.flatMap(({ begins }) => begins ?? [])),
    undoOf,
    effectOf,
    askings,
    failedUndos,
    refusals: refusalsIn(good, answers, says),
    steps,
    lanes: [...new Set([...good.map(({ service }) => service), ...map.services.map(({ name }) => name)])],
  };
}

const oneOfs = (duties: ReturnType<typeof dutiesOf>, hears: string | null): readonly (readonly string[])[] =>
  (duties.get(hears ?? '') ?? []).map(({ oneOf }) => oneOf);

function refusalsIn(
  good: readonly GoodStep[],
  answers: readonly (readonly string[])[],
  says: (name: string) => boolean,
): ReadonlyMap<string, GoodStep> {
  const refusals = new Map<string, GoodStep>();
  for (const step of good) {
    for (const oneOf of answers.filter((names) => names.includes(step.event))) {
      for (const name of oneOf.filter(says)) refusals.set(name, step);
    }
  }
  return refusals;
}

function byService(said: readonly (readonly [string, readonly string[]])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const events = new Map<string, Set<string>>();
  for (const [service, names] of said) events.set(service, new Set([...(events.get(service) ?? []), ...names]));
  return events;
}
