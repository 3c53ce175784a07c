import type { Choreography, MapRow, MapService } from '../../map/choreography.ts';

type Named = readonly [string, object];

/** What one service sends and receives: its events, the events of each topic that it hears, and its dead letters. */
export function operationsOf(map: Choreography, service: MapService): readonly Named[] {
  const { name } = service;
  const said = map.events.filter(({ owner }) => owner === name).map((event) => event.name);
  const topics = map.services.flatMap((other) => {
    const heard = heardFrom(map, service, other);
    return heard.length === 0 ? [] : [[`${name}Hears${capital(other.name)}`, receives(service, other, heard)] as const];
  });
  const says = said.length === 0 ? [] : [[`${name}Says`, sends(name, `${name}Events`, said, 'says')] as const];
  return [...says, ...topics, [`${name}SetsAside`, sends(name, `${name}DeadLetters`, ['DeadLetter'], 'sets aside')]];
}

function heardFrom(map: Choreography, { rows }: MapService, { name }: MapService): readonly string[] {
  const owned = map.events.filter(({ owner }) => owner === name).map((event) => event.name);
  return owned.filter((event) => rows.some((row) => hears(row, event)));
}

const hears = ({ hears }: MapRow, event: string): boolean => hears.kind === 'event' && hears.name === event;

function receives({ name, rows }: MapService, { name: from }: MapService, heard: readonly string[]): object {
  const reactions = rows.filter((row) => heard.some((event) => hears(row, event)) && row.style !== 'orchestrated');
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${from}Events` },
    summary: `What ${name} hears of ${from}.`,
    tags: [{ name }],
    messages: heard.map((event) => ({ $ref: `#/channels/${from}Events/messages/${event}` })),
    bindings: { kafka: { groupId: { type: 'string', const: name }, bindingVersion: '0.5.0' } },
    'x-reactions': reactions.map(({ hears, emits, starts, withinMs }) => ({
      hears: hears.name,
      emits,
      starts,
      withinMs,
    })),
  };
}

const sends = (name: string, channel: string, messages: readonly string[], verb: string): object => ({
  action: 'send',
  channel: { $ref: `#/channels/${channel}` },
  summary: `What ${name} ${verb}.`,
  tags: [{ name }],
  messages: messages.map((message) => ({ $ref: `#/channels/${channel}/messages/${message}` })),
});

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
