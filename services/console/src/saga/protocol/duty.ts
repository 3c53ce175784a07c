/** What a service owes when it hears an event, as its table declares it. */
export interface Duty {
  readonly service: string;
  /** The event that it hears. */
  readonly hears: string;
  /** What it may answer: of its own row, and of the calls that this starts. The first goes on, or undoes. Empty: it only notes. */
  readonly oneOf: readonly string[];
  /** All that may follow from it at this service without another message: also by timers, and by calls of calls. */
  readonly mayCause: ReadonlySet<string>;
  readonly withinMs: number | null;
  /** The calls that it may start. */
  readonly calls: readonly string[];
  /** It undoes this effect of its service, by this event. */
  readonly undoes: Undoing | null;
  /** No service hears any of its answers, and none of them undoes or ends anything. */
  readonly nobodyWaits: boolean;
}

export interface Undoing {
  readonly effect: string;
  readonly undo: string;
}

/** A service has said that a person has to decide, and goes on when one has. */
export interface Asking {
  readonly service: string;
  /** The event that says so. */
  readonly event: string;
  readonly command: string;
  readonly oneOf: readonly string[];
  readonly mayCause: ReadonlySet<string>;
  /** When it decides itself: its timer's delay, with default settings. */
  readonly expiresAfterMs: number | null;
}

/** The outside has refused to undo something; until it is undone, somebody owes it. */
export interface FailedUndo {
  readonly service: string;
  readonly event: string;
  readonly undo: string;
}

/** A step of the way on which all goes well. */
export interface GoodStep {
  readonly service: string;
  readonly event: string;
  /** What leads to it: an event, or the step of an orchestrator. */
  readonly hears: string | null;
}

/** A step of an orchestrator, with what undoes it. */
export interface AskedStep {
  readonly name: string;
  /** Who does it: the participant, or the orchestrator's own service. */
  readonly service: string;
  readonly orchestrator: string;
  /** The call by which it is asked; null: the orchestrator does it itself. */
  readonly call: string | null;
  readonly oneOf: readonly string[];
  readonly mayCause: ReadonlySet<string>;
  readonly withinMs: number | null;
  readonly undo: (Omit<AskedStep, 'undo'> & { readonly effect: string }) | null;
}
