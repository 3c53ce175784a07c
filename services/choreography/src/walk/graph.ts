import type { Choreography, MapAsk, MapMessage, MapRow, MapSaga, MapStep, MapStyle } from '../map/choreography.ts';

/** A message as a place in the map. `service` owns the event, or is the one whose call, timer or command it is. */
export interface Message extends MapMessage {
  readonly service: string;
}

/** The part of the map that acts in one style of a saga, as a graph of messages and rows. */
export interface Graph {
  readonly rows: readonly MapRow[];
  /** The rows that hear a message. */
  hearing(message: Message): readonly MapRow[];
  /** The rows that say it: emit the event, or start the call or timer. */
  saying(message: Message): readonly MapRow[];
  /** What a row hears, with its owner. */
  heard(row: MapRow): Message;
  /** What a row may say: events first, then calls and timers. */
  said(row: MapRow): readonly Message[];
  /**
   * Whether a row takes an orchestrated saga on from whatever step it is at: it may ask for any step, so it says nothing of what
   * comes next.
   */
  goesOn(row: MapRow): boolean;
  /** Over HTTP: the command that a participant hears when an orchestrator's call is made. */
  asked(call: Message): Message | undefined;
  /** Over HTTP: the orchestrator's calls that are heard as this command. */
  asking(command: Message): readonly Message[];
}

/** @param style `both`: every row, whatever its style */
export function graphOf(map: Choreography, style: MapStyle | 'both'): Graph {
  const rows = map.services
    .flatMap((service) => service.rows)
    .filter((row) => style === 'both' || row.style === undefined || row.style === style);
  const owners = new Map(map.events.map(({ name, owner }) => [name, owner]));
  const asks = style === 'choreographed' ? [] : map.sagas.flatMap(asksOf);
  const event = (name: string): Message => ({ kind: 'event', name, service: owners.get(name) ?? '?' });
  const task = (name: string, service: string): Message => {
    const isTimer = map.timers.some((timer) => timer.service === service && timer.name === name);
    return { kind: isTimer ? 'timer' : 'call', name, service };
  };
  const heard = ({ hears, service }: MapRow): Message =>
    hears.kind === 'event' ? event(hears.name) : { ...hears, service };
  const said = ({ emits, starts, service }: MapRow): readonly Message[] => [
    ...emits.map(event),
    ...starts.map((name) => task(name, service)),
  ];
  const steps = new Map(map.sagas.map((saga) => [saga.service, callsOf(saga)]));
  const goesOn = ({ service, starts, hears }: MapRow): boolean => {
    const calls = steps.get(service) ?? [];
    return hears.kind !== 'call' && calls.length > 1 && calls.every((call) => starts.includes(call));
  };
  const hearing = indexed(rows, (row) => [heard(row)]);
  const saying = indexed(rows, said);
  return {
    rows,
    heard,
    said,
    goesOn,
    hearing: (message) => hearing.get(idOf(message)) ?? [],
    saying: (message) => saying.get(idOf(message)) ?? [],
    asked: ({ kind, name, service }) => {
      const ask = kind === 'call' ? asks.find(({ by, call }) => by === service && call === name) : undefined;
      return ask && { kind: 'command', name: ask.command, service: ask.service };
    },
    asking: ({ kind, name, service }) =>
      asks
        .filter((ask) => kind === 'command' && ask.service === service && ask.command === name)
        .map(({ by, call }) => ({ kind: 'call', name: call, service: by })),
  };
}

/** Names a message in the whole map. */
export const idOf = ({ kind, name, service }: Message): string =>
  kind === 'event' ? `event ${name}` : `${kind} ${service} ${name}`;

interface Ask extends Required<MapAsk> {
  /** The service of the orchestrator. */
  readonly by: string;
}

/** What an orchestrator asks of the services of this system. */
function asksOf(saga: MapSaga): Ask[] {
  return actionsOf(saga).flatMap(({ asks }) => {
    if (asks?.service === undefined || asks.command === undefined) return [];
    return [{ by: saga.service, call: asks.call, service: asks.service, command: asks.command }];
  });
}

const callsOf = (saga: MapSaga): string[] => actionsOf(saga).flatMap(({ asks }) => asks?.call ?? []);

/** The steps of a saga and what undoes them. */
export const actionsOf = ({ steps }: MapSaga): MapStep[] =>
  steps.flatMap((step) => [step, ...(step.compensation ? [step.compensation] : [])]);

function indexed(rows: readonly MapRow[], of: (row: MapRow) => readonly Message[]): Map<string, MapRow[]> {
  const index = new Map<string, MapRow[]>();
  for (const row of rows) {
    for (const id of new Set(of(row).map(idOf))) index.set(id, [...(index.get(id) ?? []), row]);
  }
  return index;
}
