import type { LaneNote } from '../../contract/saga.ts';
import type { ServiceFacts } from '../input.ts';
import { clockOf, countOf } from '../words.ts';
import type { Look } from './look.ts';

/** So far behind that it is worth a word: less is a batch that is just being handled. */
const BEHIND = 100;

export const lanesOf = ({ protocol, input }: Look): readonly LaneNote[] => {
  const besides = input.events.map(({ service }) => service);
  return [...new Set([...protocol.lanes, ...besides])].map((service) => noteOf(service, input.facts.services[service]));
};

function noteOf(service: string, facts: ServiceFacts | undefined): LaneNote {
  if (facts === undefined) return { service, tone: 'caution', text: 'not asked yet' };
  const behind = behindOf(facts);
  const alarm = (text: string): LaneNote => ({ service, tone: 'alarm', text });
  const caution = (text: string): LaneNote => ({ service, tone: 'caution', text });
  if (facts.group.noMemberSince !== null) return alarm(`${countOf(behind)} behind, no member`);
  if (facts.standing === 'away') return alarm(`away since ${clockOf(facts.since)}`);
  const open = facts.circuits.find(({ state }) => state === 'open');
  if (open !== undefined) return caution(`circuit of ${open.name} is open`);
  const [part] = Object.keys(facts.reasons);
  if (facts.standing === 'not ready') return caution(part === undefined ? 'not ready' : `not ready: ${part}`);
  if (behind >= BEHIND) return caution(`${countOf(behind)} behind`);
  return { service, tone: 'ok', text: 'up to date' };
}

const counted = new WeakMap<ServiceFacts, bigint>();

/** How many records its group has not read yet, over all its topics. Counted once, since each open saga asks. */
export function behindOf(facts: ServiceFacts): bigint {
  const known = counted.get(facts);
  if (known !== undefined) return known;
  const behind = Object.values(facts.group.positions).reduce((sum, { committed, end }) => {
    const left = BigInt(end) - BigInt(committed);
    return left > 0n ? sum + left : sum;
  }, 0n);
  counted.set(facts, behind);
  return behind;
}
