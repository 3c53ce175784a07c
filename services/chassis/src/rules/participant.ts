import { type CommandDecision, type Context, type Ignored, ignored, type Rejected, rejected } from './decision.ts';
import { DomainError } from './failure.ts';

/** How an order is run, as a service keeps it beside what it did for that order. */
export interface Style {
  /** An orchestrator asks for each step. Absent: the services act of their own accord on what they hear of each other. */
  readonly orchestrated?: true;
}

/** What a service did for an order. VOID is a tombstone: it was left before the order was known, and with it its style. */
interface Part extends Style {
  readonly status: string;
}

/** What to keep of a message that may say that its order has an orchestrator. */
export const styleOf = ({ orchestrated }: { readonly orchestrated?: boolean }): Style =>
  orchestrated ? { orchestrated } : {};

type Rule<Data, State, D> = (data: Data, state: State, context: Context) => D;

/**
 * The two ways in which a service takes part in an order: of its own accord, on what it hears, or because an orchestrator
 * asks. Both lead to the same rules, and no order is run in both: who decides is said here, once for all rules.
 *
 * @param partOf what the service has done for the order of a message, as its state has it
 */
export function participant<State>(partOf: (state: State) => Part | undefined) {
  return {
    /** A rule for an event. It leaves the orders alone that have an orchestrator. */
    choreographed<
      Data extends { readonly orderId: string; readonly orchestrated?: boolean },
      D extends CommandDecision<State>,
    >(rule: Rule<Data, State, D>): Rule<Data, State, D | Ignored> {
      return (event, state, context) =>
        event.orchestrated || partOf(state)?.orchestrated
          ? ignored('the order has an orchestrator, who asks for each of its steps')
          : rule(event, state, context);
    },

    /** A rule for an orchestrator's command. It refuses orders without one: what they need is done when it is heard of. */
    orchestrated<Data extends { readonly orderId: string }, D extends CommandDecision<State>>(
      rule: Rule<Data & Required<Style>, State, D>,
    ): Rule<Data, State, D | Rejected> {
      return (command, state, context) => {
        const part = partOf(state);
        if (part !== undefined && part.status !== 'VOID' && !part.orchestrated) {
          return rejected(notOrchestrated(command.orderId));
        }
        return rule({ ...command, orchestrated: true }, state, context);
      };
    },
  };
}

function notOrchestrated(orderId: string): DomainError {
  return new DomainError({
    code: 'ORDER_NOT_ORCHESTRATED',
    status: 409,
    title: 'The order has no orchestrator',
    detail: `The services do of themselves what order ${orderId} needs. Leave its steps to them; only those of an order that was placed at /orders/orchestrated can be asked for.`,
  });
}
