import type { Readiness } from '../../process/readiness.ts';
import type { Sql } from '../../rules/database.ts';
import type { AnyMessageType } from '../../rules/messages.ts';
import type { Calls } from '../../tasks/calls.ts';
import type { MessagingStatus } from './messaging-status.ts';

/** What is asked when somebody asks how a service stands. */
export interface StatusSources {
  readonly version: string;
  readonly table: {
    readonly service: string;
    readonly sagaField: string;
    readonly reactions: readonly {
      readonly hears: AnyMessageType;
      readonly emits: readonly { readonly topic: string }[];
    }[];
  };
  /** Statements on it are planned once, and no plan reads a whole table. */
  readonly database: Sql;
  readonly readiness: Readiness;
  readonly calls: Pick<Calls, 'circuits'>;
  readonly messaging: MessagingStatus;
}

/** Names of the calls, or of the timers, that a table hears the outcome of. */
export const namesOf = (
  { reactions }: StatusSources['table'],
  kinds: readonly AnyMessageType['kind'][],
): readonly string[] => reactions.flatMap(({ hears }) => (kinds.includes(hears.kind) ? [hears.messageName] : []));
