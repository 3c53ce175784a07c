import { CHECKS, type Choreography, check } from '@troupe/choreography';
import type { MapView } from '../../contract/services.ts';

type CheckCode = keyof typeof CHECKS;

/** What each check makes sure of. */
const TITLES: Readonly<Record<CheckCode, string>> = {
  SCHEMA_INCOMPLETE: 'every schema says what the map needs',
  EVENT_UNHEARD: 'every event has a reader or is final',
  EVENT_UNEMITTED: 'every event that is heard is said by somebody',
  EVENT_TWO_EMITTERS: 'every event is said by its owner alone',
  FOREIGN_TOPIC: 'every event stands on the topic of its owner',
  ROW_UNREACHABLE: 'every row of a table can be reached',
  SAGA_WITHOUT_END: 'every way leads to an end',
  EVENT_CYCLE: 'no cycle, except those that are declared',
  EFFECT_WITHOUT_UNDO: 'every step with an effect has its undo on every later failure',
  ANSWER_WITHOUT_DEADLINE: 'every answer has its time',
  DEADLINE_TOO_SHORT: 'no time is shorter than what has to happen in it',
  ASK_UNKNOWN: 'every participant knows what it is asked',
};

const known = new WeakMap<Choreography, MapView['checks']>();

/** The checks of this build's map, each with what it has found. */
export function mapChecks(map: Choreography): MapView['checks'] {
  const checks = known.get(map) ?? read(map);
  known.set(map, checks);
  return checks;
}

function read(map: Choreography): MapView['checks'] {
  const { faults, allowed } = check(map);
  return (Object.keys(CHECKS) as CheckCode[]).map((code) => {
    const found = faults.filter((fault) => fault.code === code).map(({ text }) => text);
    const declared = allowed.filter((one) => one.code === code).map(({ place, reason }) => `${place}: ${reason}`);
    return { title: TITLES[code], ok: found.length === 0, detail: [...found, ...declared].join(' ') };
  });
}
