import type { Incoming } from '../../incoming/incoming.ts';
import type { PendingTask } from '../../incoming/pending-task.ts';

/**
 * The task that ends when a message is handled: by a call's answer, by a timer, or by a command that ends a call by hand.
 * None for what comes from a topic.
 */
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
