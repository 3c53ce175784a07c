import type { LiveEvents } from '../../../../src/contract/live.ts';
import { holdClock, serverSays } from '../words/clock.ts';

/** What may be subscribed: `overview`, `saga:<id>`, `tail:<topic>+<topic>`, … and the type of what it sends. */
export type Channel = 'overview' | 'services' | 'map' | 'changed' | `saga:${string}` | `tail:${string}`;

export type Sent<C extends Channel> = C extends keyof LiveEvents
  ? LiveEvents[C]
  : C extends `saga:${string}`
    ? LiveEvents['saga']
    : LiveEvents['tail'];

export interface LiveStatus {
  readonly state: 'connecting' | 'live' | 'lost';
  /** By the browser's clock. */
  readonly since: number;
  /** When the stream is opened again; null while it is open. */
  readonly retryAt: number | null;
  /** The last sign of life of the stream. */
  readonly heardAt: number;
}

type Listener = (data: unknown) => void;
/** What an event of the stream has, where its types are those of a browser or not. */
type Sending = { readonly data: string; readonly lastEventId: string };
type Source = Pick<EventSource, 'addEventListener' | 'close'>;

const RETRY_MS = 3_000;
/** The server sends a beat every 5 s. A stream that is silent for so long is dead, whatever the socket says. */
const SILENT_MS = 12_000;
/** Screens come and go in one step: the stream is opened again once, for all that they want. */
const SETTLE_MS = 20;

/**
 * The one stream of a tab. Every subscription shares it: the set of channels is part of its address, so it is opened again when the
 * set changes. It resumes after the last id that it has seen, and keeps the newest of each channel for whoever comes later.
 */
export class LiveClient {
  readonly #listeners = new Map<Channel, Set<Listener>>();
  readonly #watchers = new Set<() => void>();
  readonly #newest = new Map<Channel, unknown>();
  readonly #open: (url: string) => Source;
  #source: Source | null = null;
  #channels = '';
  #lastId = '';
  #settle: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #status: LiveStatus = { state: 'connecting', since: Date.now(), retryAt: null, heardAt: 0 };

  constructor(open: (url: string) => Source = (url) => new EventSource(url)) {
    this.#open = open;
  }

  get status(): LiveStatus {
    return this.#status;
  }

  newest<C extends Channel>(channel: C): Sent<C> | undefined {
    return this.#newest.get(channel) as Sent<C> | undefined;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  subscribe<C extends Channel>(channel: C, listener: (data: Sent<C>) => void): () => void {
    const listeners = this.#listeners.get(channel) ?? new Set();
    listeners.add(listener as Listener);
    this.#listeners.set(channel, listeners);
    this.#settleSoon();
    return () => {
      listeners.delete(listener as Listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(channel);
      this.#settleSoon();
    };
  }

  /** Opens the stream now, instead of when its time has come. */
  tryNow(): void {
    this.#connect();
  }

  #settleSoon(): void {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      // Kept until here: a channel that one screen leaves and the next one takes is not sent again from its beginning.
      for (const channel of this.#newest.keys()) if (!this.#listeners.has(channel)) this.#newest.delete(channel);
      const wanted = [...this.#listeners.keys()].sort().join(',');
      if (wanted === this.#channels && this.#source !== null) return;
      this.#channels = wanted;
      this.#connect();
    }, SETTLE_MS);
  }

  #connect(): void {
    this.#close();
    if (this.#channels === '') return;
    const query = new URLSearchParams({ channels: this.#channels });
    if (this.#lastId !== '') query.set('lastEventId', this.#lastId);
    const source = this.#open(`/api/live?${query}`);
    this.#source = source;
    source.addEventListener('open', () => this.#heard());
    source.addEventListener('error', () => this.#lost());
    source.addEventListener('beat', () => this.#heard());
    for (const channel of this.#channels.split(',') as Channel[])
      source.addEventListener(channel, (event) => this.#receive(channel, event as unknown as Sending));
    this.#listenForSilence();
  }

  #receive(channel: Channel, event: Sending): void {
    if (event.lastEventId !== '') this.#lastId = event.lastEventId;
    const data = JSON.parse(event.data) as { readonly now?: string };
    if (typeof data.now === 'string') serverSays(data.now);
    this.#newest.set(channel, data);
    this.#heard();
    for (const listener of this.#listeners.get(channel) ?? []) listener(data);
  }

  #heard(): void {
    this.#listenForSilence();
    const heardAt = Date.now();
    if (this.#status.state === 'live') this.#status = { ...this.#status, heardAt };
    else this.#become({ state: 'live', since: heardAt, retryAt: null, heardAt });
  }

  #lost(): void {
    this.#close();
    const retryAt = Date.now() + RETRY_MS;
    const since = this.#status.state === 'lost' ? this.#status.since : this.#status.heardAt || Date.now();
    this.#become({ ...this.#status, state: 'lost', since, retryAt });
    this.#retry = setTimeout(() => this.#connect(), RETRY_MS);
  }

  #listenForSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(), SILENT_MS);
  }

  #become(status: LiveStatus): void {
    this.#status = status;
    holdClock(status.state === 'lost');
    for (const watcher of this.#watchers) watcher();
  }

  #close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = null;
  }
}

export const live = new LiveClient();
