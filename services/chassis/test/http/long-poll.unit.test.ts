import { describe, expect, it } from '@jest/globals';
import type { Waiting } from '../../src/batch/changes.ts';
import { RowChanges } from '../../src/batch/changes.ts';
import { atRest, looks } from '../../src/http/long-poll.ts';

const key = 'order-1';

/** Nobody looks again by himself: who misses that he is told waits for ever. */
class Told extends RowChanges<string> {
  override next(of: string, signal: AbortSignal, waiting: Waiting<string> = {}): Promise<void> {
    return super.next(of, signal, { ...waiting, pollMs: 3_600_000 });
  }
}

/** Something that is looked at, in one place after the other; whoever waits is told of each move. */
function moving(...places: readonly string[]) {
  const changes = new Told();
  let at = 0;
  const look = async () => {
    const place = places[at] ?? '';
    if (at < places.length - 1) {
      at += 1;
      changes.committed(new Map([[key, places[at] ?? '']]));
    }
    return place;
  };
  return { changes, look };
}

/** Changes of which nobody is ever told, and how many wait for one. */
function silence() {
  const changes = new Told();
  let waiting = 0;
  const next = async (of: string, signal: AbortSignal) => {
    waiting += 1;
    await changes.next(of, signal);
    waiting -= 1;
  };
  return { changes: { next }, waiting: () => waiting };
}

const still = () => new AbortController().signal;
const atEnd = (place: string): boolean => place === 'end';

describe('a long poll', () => {
  it('answers when what it waits for has come to rest, and misses no change that comes while it looks', async () => {
    const { changes, look } = moving('start', 'middle', 'end');
    expect(await atRest(look, atEnd, { changes, key, waitMs: 3_600_000, signal: still() })).toBe('end');
  });

  it('looks again only after a change that is worth it', async () => {
    const changes = new Told();
    let place = 'start';
    let looked = 0;
    const look = async () => {
      looked += 1;
      return place;
    };
    const answer = atRest(look, atEnd, { changes, key, waitMs: 3_600_000, signal: still(), worthALook: atEnd });
    for (place of ['middle', 'almost', 'end']) {
      await new Promise((resolve) => setImmediate(resolve));
      changes.committed(new Map([[key, place]]));
    }
    expect(await answer).toBe('end');
    expect(looked).toBe(2);
  });

  it('answers at once when nobody wants to wait', async () => {
    const { changes, look } = moving('start', 'end');
    expect(await atRest(look, atEnd, { changes, key, waitMs: 0, signal: still() })).toBe('start');
  });

  it('answers how it stands when the time is over, and leaves nobody waiting', async () => {
    const { changes, waiting } = silence();
    const standing = await atRest(async () => 'middle', atEnd, { changes, key, waitMs: 5, signal: still() });
    expect(standing).toBe('middle');
    expect(waiting()).toBe(0);
  });

  it('ends when its client goes away, and leaves nobody waiting', async () => {
    const { changes, waiting } = silence();
    const client = new AbortController();
    const answer = atRest(async () => 'middle', atEnd, { changes, key, waitMs: 3_600_000, signal: client.signal });
    setImmediate(() => client.abort());
    expect(await answer).toBe('middle');
    expect(waiting()).toBe(0);
  });

  it('ends with what the look throws, and leaves nobody waiting', async () => {
    const { changes, waiting } = silence();
    const look = () => Promise.reject(new Error('there is none'));
    await expect(atRest(look, atEnd, { changes, key, waitMs: 3_600_000, signal: still() })).rejects.toThrow('none');
    await new Promise((resolve) => setImmediate(resolve));
    expect(waiting()).toBe(0);
  });

  it('goes on until its taker has seen enough', async () => {
    const { changes, look } = moving('start', 'middle', 'end', 'beyond');
    const seen: string[] = [];
    for await (const place of looks(look, { changes, key, signal: still() })) {
      seen.push(place);
      if (atEnd(place)) break;
    }
    expect(seen).toEqual(['start', 'middle', 'end']);
  });
});
