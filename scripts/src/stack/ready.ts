import { type ServiceName, type Settings, StartError, serviceNames } from '@troupe/embedded';

const ANSWER_MS = 5_000;

/** @throws StartError that says what to do, unless every service answers that it is ready. */
export async function mustBeReady({ ports }: Settings): Promise<void> {
  const faults = await Promise.all(serviceNames.map((service) => whyNotReady(service, ports[service])));
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length === 0) return;
  throw new StartError([
    ...found,
    'Start everything first, in another terminal, and wait for its "Ready": npm start. ' +
      'When it runs on other ports, set the same TROUPE_…_PORT variables here.',
  ]);
}

async function whyNotReady(service: ServiceName, port: number): Promise<string | undefined> {
  const shown = `http://localhost:${port}`;
  try {
    // Not `localhost`, which on some machines is `::1` first.
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (response.ok) return undefined;
    return `The ${service} service at ${shown} is not ready: ${(await response.text()).slice(0, 300)}`;
  } catch {
    return `The ${service} service does not answer at ${shown}.`;
  }
}
