import type { CommandDecision } from '@troupe/chassis';
import type { AnyTable } from '@troupe/chassis/internal';

type React = NonNullable<ReturnType<AnyTable['find']>>['react'];
export type Rule = (original: React) => React;
type Decided = Extract<CommandDecision<unknown>, { kind: 'decided' }>;

/** Replaces the rule for some messages of one service. */
export function withRule(service: string, hears: (message: string) => boolean, rule: Rule) {
  return (table: AnyTable): AnyTable => {
    if (table.service !== service) return table;
    return {
      ...table,
      find: (name) => {
        const original = table.find(name);
        return original === undefined || !hears(name) ? original : { ...original, react: rule(original.react) };
      },
    };
  };
}

/** A rule that ignores its message. */
export const ignoring = () => ({ kind: 'ignored' as const, reason: 'planted' });

/** Changes the decisions of one service before they are carried out. */
export const withDecision = (service: string, change: (decision: Decided) => Decided) =>
  withRule(
    service,
    () => true,
    (original) => (data, state, context) => {
      const decision = original(data, state, context);
      return decision.kind === 'decided' ? change(decision) : decision;
    },
  );

/** Takes `begins` away from one row of a service: the first event of a saga then names a cause that is no event. */
export const withoutBegin =
  (service: string, hears: string) =>
  (table: AnyTable): AnyTable => {
    const original = table.find(hears);
    if (table.service !== service || original === undefined) return table;
    const { begins: _, ...row } = original;
    return { ...table, find: (name) => (name === hears ? row : table.find(name)) };
  };
