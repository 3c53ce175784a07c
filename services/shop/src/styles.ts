import { DomainError, ignored, inStyle, type Reaction, rejected, type SagaStyle, type Section } from '@troupe/chassis';

/** How an order is run, as a service keeps it beside what it did for that order. */
export interface Style {
  /** An orchestrator asks for each step. Absent: the services act of their own accord on what they hear of each other. */
  readonly orchestrated?: true;
}

/** What a service did for an order. VOID is a tombstone: it was left before the order was known, and has no style. */
interface Part extends Style {
  readonly status: string;
}

/** What to keep of a message that may say that its order has an orchestrator. */
export const styleOf = ({ orchestrated }: { readonly orchestrated?: boolean }): Style =>
  orchestrated ? { orchestrated } : {};

/**
 * The two sections of a table in which a service takes part in an order. Both lead to the same rules, and no order is run
 * in both styles: the sections decide that, so that no rule has to.
 *
 * @param partOf what the service has done for the order of a message, as its state has it
 */
export function styles<State>(partOf: (state: State) => Part | undefined) {
  const section = <R extends Reaction<State>>(
    style: SagaStyle,
    rows: Section<State, R>,
    guard: (row: R) => R['react'],
  ): Section<State, R> => inStyle(style, ...rows.map((row) => ({ ...row, react: guard(row) })));
  return {
    /** Rows of events, which the service acts on of its own accord. They leave an order alone that has an orchestrator. */
    choreographed: <const Rows extends Section<State>>(...rows: Rows): Section<State, Rows[number]> =>
      section('choreographed', rows, ({ react }) => (event, state, context) => {
        const marked = (event as { readonly orchestrated?: boolean }).orchestrated;
        if (marked || partOf(state)?.orchestrated) return ignored(HAS_ORCHESTRATOR);
        return react(event, state, context);
      }),

    /** Rows of an orchestrator's commands. They refuse an order without one: what it needs is done on what is heard. */
    orchestrated: <const Rows extends Section<State>>(...rows: Rows): Section<State, Rows[number]> =>
      section('orchestrated', rows, ({ react }) => (data, state, context) => {
        const command = data as { readonly orderId: string };
        const part = partOf(state);
        if (part !== undefined && part.status !== 'VOID' && !part.orchestrated) {
          return rejected(notOrchestrated(command.orderId));
        }
        return react({ ...command, orchestrated: true }, state, context);
      }),
  };
}

/** Why a row of the choreographed style ignores an order. An order that has an orchestrator keeps it. */
export const HAS_ORCHESTRATOR = 'the order has an orchestrator, who asks for each of its steps';

function notOrchestrated(orderId: string): DomainError {
  return new DomainError({
    code: 'ORDER_NOT_ORCHESTRATED',
    status: 409,
    title: 'The order has no orchestrator',
    detail: `The services do of themselves what order ${orderId} needs. Leave its steps to them; only those of an order that was placed at /orders/orchestrated can be asked for.`,
  });
}
