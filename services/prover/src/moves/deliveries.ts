import { type Change, copyOf, type From, type Visit } from '../model/move.ts';
import type { OrderStates } from '../model/order-states.ts';
import type { Hearings } from './hearing.ts';

/** Each consumer may get the next event of each topic now; it may become a dead letter, or come once more later. */
export function deliveries<Outside>(states: OrderStates<Outside>, hearings: Hearings<Outside>) {
  return (from: From, visit: Visit): void => {
    for (const [owner, consumers] of states.consumers.entries()) {
      for (const [index, service] of consumers.entries()) deliver(from, { owner, index, service }, visit);
    }
  };

  function deliver(
    from: From,
    { owner, index, service }: { readonly owner: number; readonly index: number; readonly service: number },
    visit: Visit,
  ): void {
    const topic = states.topics[owner];
    const at = states.topicAt(owner);
    const pending = from.vector[at] as number;
    if (topic === undefined) return;
    const isHeld = topic.isHeld(pending, index);
    const readable = isHeld ? topic.released(pending) : pending;
    const message = topic.next(readable, index);
    if (message === undefined) return;
    const heard = (change: Change, says: string, isOwn: boolean) => {
      change.vector[at] = topic.handled(readable, index);
      hearings.hear(from, change, { service, message, isOwn, says }, visit);
    };
    if (isHeld) {
      heard(copyOf(from), 'handles the dead letter again:', false);
      return;
    }
    heard(copyOf(from), 'hears', true);
    hearings.spending(from, 'deadLetters', (change) => {
      change.vector[at] = topic.held(pending, index);
      const { type } = states.messages.valueOf(message);
      const label = () => `${states.service(service).name} sets ${type} aside as a dead letter`;
      hearings.visit(change, visit, { isOwn: false, isAct: false, label });
    });
    hearings.spending(from, 'again', (change) => {
      comesAgain(states, change, service, message);
      heard(change, 'hears, and will once more:', false);
    });
  }
}

/** The message comes once more, at any later moment, and the inbox has forgotten it. */
export function comesAgain<Outside>(
  states: OrderStates<Outside>,
  change: Change,
  service: number,
  message: number,
): void {
  states.changeExtra(change, `again ${service} ${message}`, (extra) => {
    return { ...extra, again: [...extra.again, [service, message] as const] };
  });
}

/** What comes a second time may come now, or never. */
export function secondDeliveries<Outside>(states: OrderStates<Outside>, hearings: Hearings<Outside>) {
  return (from: From, visit: Visit): void => {
    for (const [at, [service, first]] of states.extraOf(from).again.entries()) {
      const change = copyOf(from);
      states.changeExtra(change, `came ${at}`, (extra) => ({ ...extra, again: extra.again.toSpliced(at, 1) }));
      const message = states.remembered(`again ${first}`, () =>
        states.messages.idOf({ ...states.messages.valueOf(first), again: true }),
      );
      const says = 'hears for the second time';
      hearings.hear(from, change, { service, message, isOwn: false, isOptional: true, says }, visit);
    }
  };
}
