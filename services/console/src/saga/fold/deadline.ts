import { deadlineOf, deadlineTimer } from '../shop/deadline.ts';
import type { Look } from './look.ts';

/** Its timer says it exactly, whatever the settings; without it, the tables say it for default settings. */
export function deadlineIn({ told, protocol, work }: Pick<Look, 'told' | 'protocol' | 'work'>): number | null {
  const declared = deadlineOf(told, protocol);
  const timer = deadlineTimer(protocol);
  const set = work.find(
    ({ kind, name, service }) => kind === 'timer' && name === timer?.name && service === timer.service,
  );
  return declared === null || set === undefined ? declared : Date.parse(set.dueAt);
}
