/** Why bytes cannot be decoded; stable, for programs. */
export type UndecodableCode =
  | 'NOT_CONFLUENT_AVRO'
  | 'SCHEMA_UNKNOWN'
  | 'SCHEMA_UNUSABLE'
  | 'EVENT_UNKNOWN'
  | 'SCHEMA_UNRESOLVABLE'
  | 'AVRO_BROKEN';

/** These bytes can never be decoded by this process, however often it tries: set them aside. */
export class UndecodableMessage extends Error {
  override readonly name = 'UndecodableMessage';
  readonly code: UndecodableCode;
  /** The byte at which decoding ended, where the message goes on behind it. */
  readonly at: number | undefined;

  constructor(code: UndecodableCode, message: string, options: ErrorOptions & { readonly at?: number } = {}) {
    super(message, options);
    this.code = code;
    this.at = options.at;
  }
}

/** The registry is away, overloaded, or not what it should be: nothing is known about the message. Wait and try again. */
export class RegistryUnavailable extends Error {
  override readonly name = 'RegistryUnavailable';
  readonly code = 'REGISTRY_UNAVAILABLE';
}

/** The registry works, and does not have what is to be written: the deploy step has not run. Trying again may help. */
export class SchemaNotRegistered extends Error {
  override readonly name = 'SchemaNotRegistered';
  readonly code = 'SCHEMA_NOT_REGISTERED';
  readonly subjects: readonly string[];

  constructor(subjects: readonly string[]) {
    super(
      `The schema registry lacks the schemas of this version for ${subjects.join(', ')}. ` +
        'Run the register step first: `npm run register -w @troupe/schemas`.',
    );
    this.subjects = subjects;
  }
}

/** A rule made data that its schema does not allow. A programming error: the same event fails again. */
export class UnencodableEvent extends Error {
  override readonly name = 'UnencodableEvent';
  readonly code = 'UNENCODABLE_EVENT';
  /** The field within the event's data: `items.0.quantity`. Empty when it is the data as a whole. */
  readonly field: string;

  constructor(event: string, field: string, fault: string) {
    super(`${field === '' ? event : `${event}.${field}`} ${fault}`);
    this.field = field;
  }
}
