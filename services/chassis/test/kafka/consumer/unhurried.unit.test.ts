import { describe, expect, it } from '@jest/globals';
import { unhurried } from '../../../src/kafka/consumer/unhurried.ts';
import type { RecordSink } from '../../../src/kafka/record.ts';
import { realEnvironment } from '../../../src/process/environment.ts';

const sink: RecordSink = { push: () => ({ room: Promise.resolve(), handled: Promise.resolve() }) };

describe('a sink that is in no hurry', () => {
  it('handles records at once, and wants more when its pause is over', async () => {
    const timers: { readonly ms: number; goOn(): void }[] = [];
    const environment = {
      ...realEnvironment,
      after: (ms: number, goOn: () => void) => {
        timers.push({ ms, goOn });
        return () => undefined;
      },
    };
    let hasRoom = false;
    const { room, handled } = unhurried(sink, 100, environment).push([]);
    void room.then(() => (hasRoom = true));
    await handled;
    await new Promise(setImmediate);
    expect([hasRoom, timers.map(({ ms }) => ms)]).toEqual([false, [100]]);
    timers[0]?.goOn();
    await room;
  });

  it('is the sink itself without a pause', () => {
    expect(unhurried(sink, 0)).toBe(sink);
  });
});
