import type { Log, Mounted, Sql } from '@troupe/chassis';
import type { TraceView } from '../contract/saga.ts';
import { passOn } from './pass-on.ts';
import { spanReceiver } from './receiver.ts';
import { messageSpans, spansOfSaga } from './span-table.ts';
import { SpanWriter } from './span-writer.ts';
import { type Traced, tracedIn, traceView } from './trace-view.ts';

export interface TracingParts {
  /** Not the projection's connections. */
  readonly database: Sql;
  readonly retentionMs: number;
  /** At most so many spans. */
  readonly kept: number;
  /** Where spans are sent on to as well. */
  readonly forwardUrl?: string | undefined;
  readonly log: Log;
}

/** How long after spans were dropped a trace says that some may be missing. */
const MENTIONED_MS = 15 * 60_000;

/** Takes the spans that services send, keeps them for a while, and shows those of a saga. */
export class Tracing {
  readonly #database: Sql;
  readonly #writer: SpanWriter;
  readonly #forward: ((body: Buffer) => void) | undefined;
  readonly #listeners = new Set<(sagaIds: ReadonlySet<string>) => void>();

  constructor({ database, forwardUrl, ...parts }: TracingParts) {
    this.#database = database;
    this.#forward = forwardUrl === undefined ? undefined : passOn(forwardUrl);
    const onWritten = (sagaIds: ReadonlySet<string>): void => {
      for (const listener of this.#listeners) listener(sagaIds);
    };
    this.#writer = new SpanWriter({ ...parts, database, onWritten });
  }

  /** Where services send their spans. */
  get receiver(): Mounted {
    return { path: '/v1/traces', handler: spanReceiver((spans) => this.#writer.push(spans), this.#forward) };
  }

  /** When the messages of a saga were sent and handled, as far as it was traced. */
  async messagesOf(orderId: string): Promise<Traced> {
    return tracedIn(await messageSpans(this.#database, orderId));
  }

  async traceOf(orderId: string, traceId: string | null): Promise<TraceView> {
    return traceView(traceId, await spansOfSaga(this.#database, orderId), this.#note());
  }

  /** Tells of which sagas spans have come. Returns a way to stop that. The listener must not throw. */
  listen(listener: (sagaIds: ReadonlySet<string>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): Promise<void> {
    return this.#writer.stop();
  }

  #note(): string {
    const { droppedAt } = this.#writer;
    if (droppedAt === undefined || Date.now() - droppedAt > MENTIONED_MS) return '';
    return 'Spans came faster than the console writes them a while ago: some may be missing.';
  }
}
