import { describe, expect, it } from '@jest/globals';
import type { OutboxRecord } from '../../src/outbox/outbox-record.ts';
import { PublishedPosition } from '../../src/outbox/published-position.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';

const record = (position: number, outbox = 'outbox') =>
  ({ place: { outbox, position: String(position) } }) as OutboxRecord;

describe('how far the outbox is known to be published', () => {
  it('is not known before the relay has published, or the slot has confirmed what was seen', () => {
    const published = new PublishedPosition();
    expect(published.upTo).toBeUndefined();
    published.looked({ position: '7', written: '0/20', confirmed: '0/1F' });
    expect(published.upTo).toBeUndefined();
  });

  it('is what the relay of this process has published last', () => {
    const published = new PublishedPosition();
    const { published: told } = published.watching(unobserved);
    told([record(4), record(5), record(9, 'dead_letter_outbox')], 1);
    expect(published.upTo).toBe('5');
    told([record(3)], 1);
    expect(published.upTo).toBe('5');
  });

  it('is what was visible when the log was written as far as the slot has confirmed', () => {
    const published = new PublishedPosition();
    published.looked({ position: '7', written: '0/20', confirmed: '0/10' });
    published.looked({ position: '9', written: '0/30', confirmed: '0/10' });
    published.looked({ position: '12', written: '1/0', confirmed: '0/30' });
    expect(published.upTo).toBe('9');
    published.looked({ position: '12', written: '1/0', confirmed: '1/0' });
    expect(published.upTo).toBe('12');
  });

  it('is not forgotten while the slot is away', () => {
    const published = new PublishedPosition();
    published.looked({ position: '7', written: '0/20', confirmed: '0/20' });
    published.looked({ position: '8', written: '0/30', confirmed: null });
    expect(published.upTo).toBe('7');
  });
});
