import { describe, expect, it } from '@jest/globals';
import { Channel } from '../../src/model/channel.ts';

/** Two consumers: one hears everything, the other even events alone. */
const channel = () => new Channel([() => true, (event) => event % 2 === 0]);
const filled = (topic: Channel, ...events: readonly number[]) =>
  events.reduce((at, event) => topic.append(at, event), topic.empty);

describe('a channel', () => {
  it('gives each consumer its events in their order, at its own pace', () => {
    const topic = channel();
    const one = filled(topic, 1, 2, 4);
    expect([topic.next(one, 0), topic.next(one, 1)]).toEqual([1, 2]);
    const two = topic.handled(one, 1);
    expect([topic.next(two, 0), topic.next(two, 1)]).toEqual([1, 4]);
  });

  it('is the same whatever was read by all before', () => {
    const topic = channel();
    const read = topic.handled(topic.handled(filled(topic, 2), 0), 1);
    expect(read).toBe(topic.empty);
    expect(topic.append(read, 4)).toBe(filled(topic, 4));
  });

  it('passes over what a consumer does not hear', () => {
    const topic = channel();
    expect(topic.next(filled(topic, 1, 3), 1)).toBeUndefined();
  });

  it('gives a consumer nothing while a dead letter holds it back, and the others all', () => {
    const topic = channel();
    const held = topic.held(filled(topic, 2, 4), 0);
    expect([topic.next(held, 0), topic.next(held, 1)]).toEqual([undefined, 2]);
    expect(topic.next(topic.released(held), 0)).toBe(2);
  });
});
