/**
 * The choreography as data: who hears what, what may follow, and by when. It is read from the reaction tables and the schemas,
 * and nothing of it is written by hand. `npm run choreography -- --json` prints exactly this, and
 * docs/choreography.schema.json describes it.
 *
 * Names are unique within their kind. An event has one name in the whole system; calls, timers and commands are unique within
 * their service.
 */
export interface Choreography {
  readonly format: 1;
  readonly services: readonly MapService[];
  readonly events: readonly MapEvent[];
  readonly calls: readonly MapTask[];
  readonly timers: readonly MapTask[];
  readonly commands: readonly MapCommand[];
  /** Orchestrated sagas: steps with their compensations. */
  readonly sagas: readonly MapSaga[];
}

/** In which style a saga is run: the services act on what they hear of each other, or an orchestrator asks for each step. */
export type MapStyle = 'choreographed' | 'orchestrated';

export interface MapService {
  readonly name: string;
  readonly topic: string;
  /** From the description of its package: what it does, in a sentence. */
  readonly doc: string;
  readonly rows: readonly MapRow[];
}

/** One row of a reaction table. A row that acts differently in each style is here twice. */
export interface MapRow {
  readonly service: string;
  readonly hears: MapMessage;
  /** In which style of a saga the row acts. Absent: in both, and alike. */
  readonly style?: MapStyle;
  /** Names of events. */
  readonly emits: readonly string[];
  /** The one of `emits` that a saga begins with. */
  readonly begins?: string;
  /** Names of calls and timers of the same service. */
  readonly starts: readonly string[];
  /** Within how many milliseconds one of `emits` is expected, the row's own or of a call that it starts. */
  readonly withinMs?: number;
}

export interface MapMessage {
  readonly kind: 'event' | 'command' | 'call' | 'timer';
  readonly name: string;
}

export interface MapEvent {
  readonly name: string;
  readonly fullName: string;
  /** The service that says it. */
  readonly owner: string;
  readonly topic: string;
  /** The field that is the record key, and names the saga. */
  readonly key: string;
  readonly doc: string;
  readonly fields: readonly MapField[];
  /** Rows, as "payment: Charge": the service, and what the row hears. */
  readonly emittedBy: readonly string[];
  /** Names of services. */
  readonly heardBy: readonly string[];
  /** Why nobody has to hear it. From the schema: "terminal". */
  readonly terminal?: string;
  /** The event of the same owner that says that this effect is undone. From the schema: "undoneBy". */
  readonly undoneBy?: string;
  /** The saga ends with it. From the schema: "ends". */
  readonly ends?: 'success' | 'failure';
}

export interface MapField {
  readonly name: string;
  /** As JSON of the Avro type, without docs. */
  readonly type: string;
  /** Whether a reader has a default for it. */
  readonly optional: boolean;
}

/** A call or a timer. */
export interface MapTask {
  readonly name: string;
  readonly service: string;
  /** Rows, as "payment: OrderCreated". */
  readonly startedBy: readonly string[];
  readonly emits: readonly string[];
  readonly starts: readonly string[];
  /** Of timers: the delay with default settings, as far as it is declared. */
  readonly afterMs?: number;
}

export interface MapCommand {
  readonly name: string;
  readonly service: string;
}

export interface MapSaga {
  readonly name: string;
  readonly version: number;
  /** The service that orchestrates it. */
  readonly service: string;
  readonly steps: readonly MapStep[];
}

export interface MapStep {
  readonly name: string;
  /** What is asked of a participant. Absent: the orchestrator's own service does it. */
  readonly asks?: MapAsk;
  readonly emits: readonly string[];
  readonly withinMs?: number;
  readonly compensation?: MapStep;
}

export interface MapAsk {
  /** The call of the orchestrator's service. */
  readonly call: string;
  /** The service that is asked, and the command by which it hears so. Absent: it is none of this system. */
  readonly service?: string;
  readonly command?: string;
}
