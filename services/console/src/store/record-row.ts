/** A row of `record`, on its way in. Times in milliseconds since 1970; JSON as text. */
export interface RecordRow {
  readonly topic: string;
  readonly partition: number;
  /** Decimal. */
  readonly offset: string;
  readonly publishedAt: number;
  readonly saidAt: number | null;
  readonly key: string | null;
  readonly type: string | null;
  readonly owner: string | null;
  readonly eventId: string | null;
  readonly sagaId: string | null;
  readonly causationId: string | null;
  readonly traceId: string | null;
  readonly depth: number;
  readonly schemaId: number | null;
  readonly isEvent: boolean;
  readonly payload: string | null;
  readonly headers: string;
  readonly broken: Broken | null;
  readonly bytes: number;
}

/** Why a record is no event. */
export interface Broken {
  readonly code: string;
  readonly message: string;
  /** The first bytes of its value. */
  readonly hex: string;
}
