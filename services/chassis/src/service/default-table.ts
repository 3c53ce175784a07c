import type { z } from 'zod';
import { unsetConfig } from '../configuration/config.ts';
import type { ReactionTable } from '../rules/reactions.ts';

// biome-ignore lint/suspicious/noExplicitAny: tables of unrelated services have no common row or state
export type AnyTable = ReactionTable<any, any>;

/** The part of any service's definition that its table is made from. */
export interface TableSource {
  readonly settings: z.ZodRawShape;
  readonly table: AnyTable | ((config: never) => AnyTable);
}

/** The table of a service when nothing is set. What it hears, emits and starts does not depend on settings. */
export function defaultTableOf({ settings, table }: TableSource): AnyTable {
  return typeof table === 'function' ? table(unsetConfig(settings) as never) : table;
}
