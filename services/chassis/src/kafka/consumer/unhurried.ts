import { type Environment, pause, realEnvironment } from '../../process/environment.ts';
import type { RecordSink } from '../record.ts';

/** A sink that wants no more for `ms` after each push, so that what comes meanwhile is one fetch. 0 changes nothing. */
export function unhurried(sink: RecordSink, ms: number, environment: Environment = realEnvironment): RecordSink {
  if (ms === 0) return sink;
  return {
    push(records) {
      const { room, handled } = sink.push(records);
      return { room: room.then(() => pause(environment, ms)), handled };
    },
  };
}
