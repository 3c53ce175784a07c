import type { Overview, SagaDetail } from './saga.ts';
import type { MapView, ServicesView } from './services.ts';
import type { RecordView } from './topics.ts';

/**
 * `GET /api/live?channels=overview,services,saga:<id>,map,tail:<topic>+<topic>`: one stream of server-sent events for a tab. The
 * name of an event is its channel. A channel first sends how things stand, and then whenever they have changed. `Last-Event-ID`,
 * or `lastEventId=` in the query, resumes a tail. An event `beat` comes every 5 s: a silent stream is a dead one.
 */
export interface LiveEvents {
  /** At most once a second. */
  readonly overview: Overview;
  readonly services: ServicesView;
  readonly map: MapView;
  /** Of sagas in a list that changed: ask for these rows again. At most twice a second. */
  readonly changed: { readonly orderIds: readonly string[]; readonly more: boolean };
  readonly saga: SagaDetail;
  readonly tail: { readonly records: readonly RecordView[]; readonly skipped: number };
}
