import type { Incoming } from '../../incoming/incoming.ts';
import type { PendingTask } from '../../incoming/pending-task.ts';

/** The task that ends with a message: the call or timer that it is, or the call that a command ends by hand. */
export function taskOf(message: Incoming): readonly PendingTask[] {
  switch (message.kind) {
    case 'call':
    case 'timer':
      return [{ name: message.type, key: message.key, id: message.id }];
    case 'command':
      return message.ends === undefined ? [] : [message.ends];
    case 'event':
    case 'poison':
      return [];
    default:
      return message satisfies never;
  }
}
