import type { CommandDecision, Context, Effect } from '../rules/decision.ts';

interface Named {
  readonly messageName: string;
}
interface Row<State> {
  readonly emits: readonly Named[];
  readonly starts: readonly Named[];
  react(data: unknown, state: State, context: Context): CommandDecision<State>;
}
interface Table<State> {
  readonly service: string;
  find(messageName: string): Row<State> | undefined;
}

/**
 * What a table comes to when it is told something. Its row is held to its word: an effect that it does not list fails
 * whatever test caused it, since maps and checks of the choreography believe the rows.
 */
export function told<State>(
  { service, find }: Table<State>,
  { type, data }: { readonly type: string; readonly data: unknown },
  { state, context }: { readonly state: State; readonly context: Context },
): CommandDecision<State> {
  const row = find(type);
  if (row === undefined) throw new Error(`${service} does not hear ${type}.`);
  const decision = row.react(data, state, context);
  const unlisted = decision.kind === 'decided' ? decision.effects.filter((effect) => !isListed(row, effect)) : [];
  if (unlisted.length === 0) return decision;
  throw new Error(
    `The row of ${service} for ${type} does not list ${unlisted.map((effect) => effect.type).join(', ')}.`,
  );
}

function isListed({ emits, starts }: Pick<Row<unknown>, 'emits' | 'starts'>, effect: Effect): boolean {
  if ('kind' in effect && effect.kind === 'cancellation') return true;
  return [...emits, ...starts].some(({ messageName }) => messageName === effect.type);
}
