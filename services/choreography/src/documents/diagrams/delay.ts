import { durationOf } from '../../checks/finding.ts';
import type { Choreography, MapMessage } from '../../map/choreography.ts';

/** Of a timer, the line that says how long after it is set it fires, as far as the map knows. Of anything else none. */
export function delayLines({ timers }: Choreography, { kind, name }: MapMessage, service: string): readonly string[] {
  const timer = timers.find((other) => kind === 'timer' && other.name === name && other.service === service);
  return timer?.afterMs === undefined ? [] : [durationOf(timer.afterMs)];
}
