import { availableParallelism } from 'node:os';
import { nodeRuntime } from '@troupe/embedded';

/** What figures were taken on. */
export interface Machine {
  readonly processors: number;
  readonly node: string;
}

export const machine = (): Machine => ({ processors: availableParallelism(), node: nodeRuntime().version });
