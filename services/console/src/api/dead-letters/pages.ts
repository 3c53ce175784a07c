// The pages of a service about its dead letters, as its /openapi.json describes them.

export interface LetterPage {
  readonly id: string;
  readonly status: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly replays: number;
  readonly receivedAt: string;
}

export interface WholeLetterPage extends LetterPage {
  readonly headers: Readonly<Record<string, string>>;
  readonly valueBase64: string | null;
  readonly decoded: { readonly type: string; readonly data: unknown } | null;
  readonly notDecoded?: string;
  readonly notDecodedAt?: number;
  readonly parked: readonly LetterPage[];
  readonly acts: readonly ActPage[];
}

export interface CausesPage {
  readonly items: readonly {
    readonly topic: string;
    readonly eventType: string | null;
    readonly code: string | null;
    readonly count: number;
    readonly quarantined: number;
    readonly parked: number;
    readonly firstReceivedAt: string;
    readonly lastReceivedAt: string;
    readonly example: { readonly id: string; readonly message: string | null };
  }[];
  readonly settled: { readonly replayed: number; readonly discarded: number };
}

export interface ReplayPage {
  readonly id: string;
  readonly status: 'RUNNING' | 'FINISHED';
  readonly operator: string;
  readonly reason: string | null;
  readonly total: number;
  readonly done: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly createdAt: string;
}

export interface RehearsalPage {
  readonly dryRun: true;
  readonly total: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly items: readonly ReplayedPage[];
}

export interface ReplayedPage {
  readonly id: string;
  readonly outcome: string;
  readonly reason?: string | null;
  readonly code?: string;
}

export interface ActPage {
  readonly at: string;
  readonly operator: string;
  readonly act: string;
  readonly target: string;
  readonly reason: string | null;
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}
