import { IncompatibleSchemas, type Registration, RegistryUnavailable, registerSchemas } from '@troupe/schemas';
import { StartError } from './start-error.ts';

/** How long a registry that has just started, on a busy machine, may leave requests without an answer. */
const REGISTRY_PATIENCE_MS = 60_000;

/** Registers every event's schema, with its compatibility. A registry that does not answer yet is asked again. */
export async function registerPatiently(registryUrl: string, signal?: AbortSignal): Promise<readonly Registration[]> {
  const end = performance.now() + REGISTRY_PATIENCE_MS;
  for (;;) {
    try {
      return await registerSchemas({ registryUrl });
    } catch (error) {
      if (error instanceof IncompatibleSchemas) throw new StartError([error.message]);
      if (!(error instanceof RegistryUnavailable) || performance.now() > end) throw error;
      signal?.throwIfAborted();
    }
  }
}
