import type { Moment } from './event.ts';

/** `GET /api/topics` */
export interface TopicsView {
  readonly topics: readonly TopicView[];
  readonly groups: readonly GroupView[];
}

export interface TopicView {
  readonly name: string;
  readonly kind: 'events' | 'dead letters';
  readonly owner: string;
  readonly partitions: readonly { readonly partition: number; readonly begin: string; readonly end: string }[];
  readonly records: number;
  readonly perSecond: number;
  readonly lastAt: Moment | null;
  readonly events: readonly {
    readonly name: string;
    readonly versions: readonly { readonly id: number; readonly version: number }[];
    readonly readers: readonly string[];
  }[];
}

export interface GroupView {
  readonly id: string;
  readonly state: string;
  readonly members: readonly { readonly id: string; readonly host: string; readonly partitions: readonly string[] }[];
  readonly topics: readonly { readonly topic: string; readonly behind: number }[];
}

/** `GET /api/records?topic=a,b&key=&type=&header=&q=&partition=&from=&until=&cursor=&limit=`, newest first. */
export interface RecordPage {
  readonly items: readonly RecordView[];
  readonly nextCursor: string | null;
}

export interface RecordView {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly at: Moment;
  readonly key: string | null;
  readonly type: string | null;
  readonly eventId: string | null;
  readonly sagaId: string | null;
  readonly schemaId: number | null;
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Why it could not be decoded, with its first bytes in hex. */
  readonly broken: { readonly code: string; readonly message: string; readonly hex: string } | null;
}
