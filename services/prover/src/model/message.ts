import type { Task } from '@troupe/chassis';

/** Something that a service hears. `again`: it had its effect before, and reaches its rule a second time. */
export type Message = { readonly again?: true } & (
  | { readonly kind: 'event'; readonly type: string; readonly key: string; readonly data: unknown }
  | { readonly kind: 'command'; readonly type: string; readonly key: string; readonly data: unknown }
  /** The answer to a call; `data` is what was asked. */
  | {
      readonly kind: 'call';
      readonly type: string;
      readonly key: string;
      readonly data: unknown;
      readonly outcome: unknown;
    }
  | { readonly kind: 'timer'; readonly type: string; readonly key: string; readonly data: unknown }
);

/** A call or timer that a service has started, as its `task` row keeps it. */
export type PendingTask = Pick<Task, 'task' | 'type' | 'key' | 'data'>;

export const taskKey = ({ type, key }: Pick<PendingTask, 'type' | 'key'>): string => `${type} ${key}`;
