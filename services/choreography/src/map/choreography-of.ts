import type { AnyTable } from '@troupe/chassis/internal';
import { type AnyEventType, events as allEvents } from '@troupe/schemas';
import type { Choreography, MapMessage, MapRow, MapService, MapTask } from './choreography.ts';
import { distinct, mapEvent } from './events.ts';
import { rowName, rowsOf } from './rows.ts';
import { sagasOf } from './sagas.ts';

interface Besides {
  /** The schemas that there are, also those that no table knows. Default: those of this repository. */
  readonly events?: readonly AnyEventType[];
  /** What each service does, in a sentence, by its name. */
  readonly docs?: Readonly<Record<string, string>>;
}

/** The map of these tables. Pure: a changed copy of a table gives a changed map, which the checks can judge. */
export function choreographyOf(
  tables: readonly AnyTable[],
  { events = allEvents, docs = {} }: Besides = {},
): Choreography {
  const services = tables.map(
    (table): MapService => ({
      name: table.service,
      topic: `${table.service}.events`,
      doc: docs[table.service] ?? '',
      rows: rowsOf(table),
    }),
  );
  const rows = services.flatMap((service) => service.rows);
  const heard = (kind: MapMessage['kind']) => rows.filter(({ hears }) => hears.kind === kind);
  return {
    format: 1,
    services,
    events: events.map((event) => mapEvent(event, rows)),
    calls: tasksOf(heard('call'), rows),
    timers: tasksOf(heard('timer'), rows).map((timer) => ({ ...timer, ...delayOf(timer, tables) })),
    commands: unique(heard('command')).map(({ service, hears }) => ({ name: hears.name, service })),
    sagas: tables.flatMap(sagasOf),
  };
}

/** The calls or timers that are heard in these rows: each once, with all that follows in either style. */
function tasksOf(hearing: readonly MapRow[], rows: readonly MapRow[]): MapTask[] {
  return unique(hearing).map(({ service, hears: { name } }) => {
    const own = hearing.filter((row) => row.service === service && row.hears.name === name);
    const starting = rows.filter((row) => row.service === service && row.starts.includes(name));
    return {
      name,
      service,
      startedBy: distinct(starting.map(rowName)),
      emits: distinct(own.flatMap(({ emits }) => emits)),
      starts: distinct(own.flatMap(({ starts }) => starts)),
    };
  });
}

/** The first row of each name. */
function unique(rows: readonly MapRow[]): MapRow[] {
  const names = rows.map(rowName);
  return rows.filter((row, at) => names.indexOf(rowName(row)) === at);
}

function delayOf({ service, name }: MapTask, tables: readonly AnyTable[]): Pick<MapTask, 'afterMs'> {
  const rows = tables.find((table) => table.service === service)?.reactions ?? [];
  const after = rows.find(({ hears }) => hears.messageName === name)?.after;
  return after === undefined ? {} : { afterMs: after };
}
