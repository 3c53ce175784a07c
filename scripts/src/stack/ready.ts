import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceName, type Settings, StartError, serviceNames } from '@troupe/embedded';

const ANSWER_MS = 5_000;
/** A broker that has just started may take its word back: its groups then wait for their coordinator, for some seconds. */
const SOON_MS = 15_000;
const LOOK_MS = 250;

/**
 * Resolves when every service answers that it is ready. One that answers that it is not yet is waited for, a little while.
 * @throws StartError that says what to do
 */
export async function mustBeReady({ ports }: Settings): Promise<void> {
  for (const end = Date.now() + SOON_MS; ; await sleep(LOOK_MS)) {
    const looks = await Promise.all(serviceNames.map((service) => lookAt(service, ports[service])));
    const found = looks.filter((look) => look !== undefined);
    if (found.length === 0) return;
    if (found.some(({ answers }) => !answers) || Date.now() > end)
      throw new StartError([
        ...found.map(({ fault }) => fault),
        'Start everything first, in another terminal, and wait for its "Ready": npm start. ' +
          'When it runs on other ports, set the same TROUPE_…_PORT variables here.',
      ]);
  }
}

interface NotReady {
  readonly fault: string;
  readonly answers: boolean;
}

async function lookAt(service: ServiceName, port: number): Promise<NotReady | undefined> {
  const shown = `http://localhost:${port}`;
  try {
    // Not `localhost`, which on some machines is `::1` first.
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (response.ok) return undefined;
    const fault = `The ${service} service at ${shown} is not ready: ${(await response.text()).slice(0, 300)}`;
    return { fault, answers: true };
  } catch {
    return { fault: `The ${service} service does not answer at ${shown}.`, answers: false };
  }
}
