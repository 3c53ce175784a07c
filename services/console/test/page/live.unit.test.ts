import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LiveClient } from '../../web/src/parts/server/live.ts';

class Stream {
  readonly url: string;
  closed = false;
  readonly #handlers = new Map<string, (event: unknown) => void>();
  constructor(url: string) {
    this.url = url;
  }
  addEventListener(name: string, handler: unknown): void {
    this.#handlers.set(name, handler as (event: unknown) => void);
  }
  close(): void {
    this.closed = true;
  }
  emit(name: string, data: unknown = {}, lastEventId = ''): void {
    this.#handlers.get(name)?.({ data: JSON.stringify(data), lastEventId });
  }
}

describe('The stream of a tab', () => {
  let streams: Stream[] = [];
  const open = (url: string) => {
    const stream = new Stream(url);
    streams.push(stream);
    return stream as never;
  };
  const newest = () => streams.at(-1) as Stream;
  beforeEach(() => {
    streams = [];
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is one for all channels, and is opened again when they change', () => {
    const client = new LiveClient(open);
    client.subscribe('overview', () => {});
    const leave = client.subscribe('saga:7', () => {});
    jest.advanceTimersByTime(50);
    expect(streams.map(({ url }) => url)).toEqual(['/api/live?channels=overview%2Csaga%3A7']);
    leave();
    jest.advanceTimersByTime(50);
    expect(streams.map(({ url, closed }) => [url, closed])).toEqual([
      ['/api/live?channels=overview%2Csaga%3A7', true],
      ['/api/live?channels=overview', false],
    ]);
  });
  it('is left open when a channel is given up and taken again in one step', () => {
    const client = new LiveClient(open);
    client.subscribe('overview', () => {})();
    client.subscribe('overview', () => {});
    jest.advanceTimersByTime(50);
    expect(streams).toHaveLength(1);
    client.subscribe('map', () => {})();
    jest.advanceTimersByTime(50);
    expect(streams).toHaveLength(1);
  });
  it('keeps what a channel sent last for the screen that takes it over', () => {
    const client = new LiveClient(open);
    const leave = client.subscribe('saga:7', () => {});
    jest.advanceTimersByTime(50);
    newest().emit('saga:7', { orderId: '7' });
    leave();
    client.subscribe('saga:7', () => {});
    jest.advanceTimersByTime(50);
    expect(streams).toHaveLength(1);
    expect(client.newest('saga:7')).toEqual({ orderId: '7' });
  });
  it('gives each channel what is its own, and keeps the newest', () => {
    const client = new LiveClient(open);
    const heard: unknown[] = [];
    client.subscribe('overview', (data) => heard.push(data));
    client.subscribe('map', () => heard.push('the map'));
    jest.advanceTimersByTime(50);
    newest().emit('overview', { counters: 1 });
    expect(heard).toEqual([{ counters: 1 }]);
    expect(client.newest('overview')).toEqual({ counters: 1 });
    expect(client.status.state).toBe('live');
  });
  it('goes on after what it has seen, three seconds after it broke', () => {
    const client = new LiveClient(open);
    client.subscribe('overview', () => {});
    jest.advanceTimersByTime(50);
    newest().emit('overview', {}, '41');
    newest().emit('error');
    expect(client.status.state).toBe('lost');
    expect(newest().closed).toBe(true);
    jest.advanceTimersByTime(3_000);
    expect(newest().url).toBe('/api/live?channels=overview&lastEventId=41');
    newest().emit('open');
    expect(client.status.state).toBe('live');
  });
  it('counts as broken when it is silent, and a beat is a sign of life', () => {
    const client = new LiveClient(open);
    client.subscribe('overview', () => {});
    jest.advanceTimersByTime(50);
    newest().emit('open');
    jest.advanceTimersByTime(10_000);
    newest().emit('beat');
    jest.advanceTimersByTime(10_000);
    expect(client.status.state).toBe('live');
    jest.advanceTimersByTime(2_100);
    expect(client.status.state).toBe('lost');
  });
  it('is opened at once when somebody asks', () => {
    const client = new LiveClient(open);
    client.subscribe('overview', () => {});
    jest.advanceTimersByTime(50);
    newest().emit('error');
    client.tryNow();
    expect(streams).toHaveLength(2);
    jest.advanceTimersByTime(4_000);
    expect(streams).toHaveLength(2);
  });
});
