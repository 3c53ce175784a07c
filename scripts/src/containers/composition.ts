import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Addresses,
  containerAddresses,
  freePorts,
  type PortName,
  type Ports,
  portVariable,
  projectHome,
  serviceNames,
  settingsFrom,
} from '@troupe/embedded';
import { docker } from './docker.ts';
import { imageOf, isThere } from './images.ts';

/** What the engine knows of a container. */
export interface Inspected {
  readonly Name: string;
  readonly State: {
    readonly Pid: number;
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
  readonly RestartCount: number;
}

/** The whole system of infra/compose under a name of its own, on free ports: beside any other, and without a trace afterwards. */
export class Composition {
  readonly ports: Ports;
  readonly jaegerUrl: string;
  readonly prometheusUrl: string;
  /** Two further ports, as Compose wants a range. */
  readonly sparePorts: string;
  readonly #name: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'troupe-containers-'));

  readonly #files: readonly string[];

  private constructor(name: string, [ports, others]: readonly [Ports, Ports], files: readonly string[]) {
    this.#name = name;
    this.#files = [...files.map((file) => path.join(projectHome, 'infra/compose', file)), this.#settingsFile];
    this.ports = ports;
    this.jaegerUrl = `http://127.0.0.1:${others.registry}`;
    this.prometheusUrl = `http://127.0.0.1:${others.console}`;
    this.sparePorts = `${others.order}-${others.payment}`;
    const variables = (Object.keys(ports) as PortName[]).map((port) => [portVariable(port), String(ports[port])]);
    this.#env = {
      ...process.env,
      ...Object.fromEntries(variables),
      JAEGER_UI_PORT: String(others.registry),
      OTLP_PORT: String(others.connect),
      KAFKA_UI_PORT: String(others.inventory),
      PROMETHEUS_PORT: String(others.console),
    };
  }

  /** @param settings further settings of the services, such as ORDER_DEADLINE_MS */
  static async named(name: string, settings: Readonly<Record<string, string>> = {}): Promise<Composition> {
    const pages = (await isThere(imageOf('ghcr.io/kafbat/kafka-ui'))) ? [] : ['without-kafka-ui.yaml'];
    const ports = [await freePorts(), await freePorts()] as const;
    const composition = new Composition(name, ports, ['compose.yaml', ...pages]);
    const services = Object.fromEntries(serviceNames.map((service) => [service, { environment: settings }]));
    // JSON is YAML.
    writeFileSync(composition.#settingsFile, JSON.stringify({ services }));
    return composition;
  }

  get #settingsFile(): string {
    return path.join(this.#folder, 'settings.yaml');
  }

  /** For commands that look at the running system: `npm run audit` and the like. */
  get env(): NodeJS.ProcessEnv {
    return this.#env;
  }

  get addresses(): Addresses {
    return containerAddresses(settingsFrom(this.#env), this.#env);
  }

  /** Runs a command of Compose on it. Kafka UI is left out where its image could not be pulled: nobody can make one. */
  compose(...args: readonly string[]): Promise<string> {
    return this.composeWith({}, ...args);
  }

  composeWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
    const files = this.#files.flatMap((file) => ['--file', file]);
    const options = ['compose', '--project-name', this.#name, '--progress', 'plain'];
    return docker([...options, ...files, ...args], { ...this.#env, ...env });
  }

  /** Removes all of it, data included. */
  async remove(): Promise<void> {
    await this.compose('--profile', '*', 'down', '--volumes', '--remove-orphans');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The containers of a service, by their number; those that have ended are among them. */
  async inspect(service: string): Promise<readonly Inspected[]> {
    const ids = (await this.compose('--profile', '*', 'ps', '--all', '--quiet', service)).split('\n').filter(Boolean);
    if (ids.length === 0) return [];
    const found = JSON.parse(await docker(['inspect', ...ids])) as Inspected[];
    return found.sort((one, other) => one.Name.localeCompare(other.Name));
  }

  /** Ends the containers of a service at once, as a machine that loses its power. They are not started again by themselves. */
  async kill(service: string): Promise<void> {
    await docker(['kill', '--signal', 'SIGKILL', ...(await this.#names(service))]);
  }

  /** Starts its containers again as they are. Nothing that they depend on is started or waited for. */
  async start(service: string): Promise<void> {
    await docker(['start', ...(await this.#names(service))]);
  }

  async #names(service: string): Promise<readonly string[]> {
    return (await this.inspect(service)).map(({ Name }) => Name.slice(1));
  }

  /** Containers, networks and volumes that belong to it. */
  async left(): Promise<readonly string[]> {
    const mine = ['--filter', `label=com.docker.compose.project=${this.#name}`];
    const lists = await Promise.all([
      docker(['ps', '--all', '--format', 'container {{.Names}}', ...mine]),
      docker(['network', 'ls', '--format', 'network {{.Name}}', ...mine]),
      docker(['volume', 'ls', '--format', 'volume {{.Name}}', ...mine]),
    ]);
    return lists.flatMap((list) => list.split('\n').filter(Boolean));
  }
}
