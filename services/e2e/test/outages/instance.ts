import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePorts, nodeRuntime, projectHome, type ServiceName } from '@troupe/embedded';

/** A process of a service. */
export interface Instance {
  readonly name: string;
  readonly url: string;
  /** Undefined when it does not run. */
  pid(): number | undefined;
}

export interface StartedInstance extends Instance {
  end(): Promise<void>;
}

/** Starts one more process of a service, on a port of its own, and does not wait until it is ready. */
export async function startInstance(
  service: ServiceName,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StartedInstance> {
  const { [service]: port } = await freePorts();
  const child = spawn(nodeRuntime().command, [path.join(projectHome, 'services', service, 'dist/main.js')], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: 'ignore',
  });
  const runs = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: `another ${service}`,
    url: `http://127.0.0.1:${port}`,
    pid: () => (runs() ? child.pid : undefined),
    async end() {
      child.kill();
      if (runs()) await once(child, 'exit');
    },
  };
}
