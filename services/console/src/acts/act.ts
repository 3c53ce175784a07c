import { DomainError } from '@troupe/chassis';

export type Params = Readonly<Record<string, string>>;

/** A request to a service, as an act makes it. */
export interface ActRequest {
  readonly service: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a person can do from here. Nothing else is passed on to a service. */
export interface Act {
  readonly name: string;
  /** Names of the parameters that it cannot do without. */
  readonly params: readonly string[];
  readonly needsReason: boolean;
  /** What it comes to, in a sentence, for the dialog. */
  readonly consequence: string;
  /** It cannot be taken back. */
  readonly danger: boolean;
  /** What is said when it was done. */
  readonly done: string;
  request(params: Params, reason: string | undefined): ActRequest;
}

export const unknownAct = (name: string, known: readonly string[]): DomainError =>
  new DomainError({
    status: 404,
    code: 'ACT_UNKNOWN',
    title: 'There is no such act',
    detail: `${name} is no act of the console. It has ${known.join(', ')}.`,
  });

export const missing = (act: Act, names: readonly string[]): DomainError =>
  new DomainError({
    status: 400,
    code: 'ACT_INCOMPLETE',
    title: 'The act lacks something',
    detail: `${act.name} cannot be done without ${names.join(' and ')}: send ${names.length === 1 ? 'it' : 'them'} along.`,
  });
