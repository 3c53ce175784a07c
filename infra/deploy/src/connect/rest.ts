import type { ConnectorConfig } from './connector.ts';

/** The state of a connector and its task. */
export type ConnectorState =
  | { readonly is: 'absent' | 'starting' | 'running' | 'stopped' }
  | { readonly is: 'failed'; readonly why: string };

interface Status {
  readonly connector: StatusOfOne;
  readonly tasks: readonly StatusOfOne[];
}
interface StatusOfOne {
  readonly state: string;
  readonly trace?: string;
}

/** After this the request is repeated; the watchdog handles a worker that hangs. */
const timeoutMs = 20_000;

/** The REST API of Kafka Connect, as far as it is used here. Every call throws an Error when the worker refuses or fails. */
export class ConnectRest {
  readonly #url: string;
  /** The previous change. A standalone worker locks up when connectors with variables are changed side by side. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  async stateOf(name: string): Promise<ConnectorState> {
    const response = await this.#ask('GET', `${name}/status`);
    if (response.status === 404) return { is: 'absent' };
    const { connector, tasks } = JSON.parse(await done(response)) as Status;
    if (connector.state === 'STOPPED') return { is: 'stopped' };
    const failed = [connector, ...tasks].find(({ state }) => state === 'FAILED');
    if (failed !== undefined) return { is: 'failed', why: causeIn(failed.trace ?? '') };
    return { is: tasks.length > 0 && tasks.every(({ state }) => state === 'RUNNING') ? 'running' : 'starting' };
  }

  /** Makes the connector, or gives it this configuration. */
  async put(name: string, config: ConnectorConfig): Promise<void> {
    await done(await this.#ask('PUT', `${name}/config`, config));
  }

  /** Ends its task and keeps its configuration. */
  async stop(name: string): Promise<void> {
    await done(await this.#ask('PUT', `${name}/stop`));
  }

  /** Only while it is stopped. */
  async forgetOffsets(name: string): Promise<void> {
    await done(await this.#ask('DELETE', `${name}/offsets`));
  }

  async resume(name: string): Promise<void> {
    await done(await this.#ask('PUT', `${name}/resume`));
  }

  async remove(name: string): Promise<void> {
    const response = await this.#ask('DELETE', name);
    if (response.status !== 404) await done(response);
  }

  #ask(method: string, path: string, body?: ConnectorConfig): Promise<Response> {
    if (method === 'GET') return this.#send(method, path);
    const answer = this.#before.then(() => this.#send(method, path, body));
    this.#before = answer.catch(() => undefined);
    return answer;
  }

  #send(method: string, path: string, body?: ConnectorConfig): Promise<Response> {
    return fetch(`${this.#url}/connectors/${path}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  }
}

async function done(response: Response): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${response.url} answered ${response.status} ${text.slice(0, 300)}`);
}

/** The last cause of a stack trace, where the reason is. */
function causeIn(trace: string): string {
  const causes = trace.split('\n').filter((line) => line !== '' && !/^\s+(at|\.\.\.) /.test(line));
  return (causes.at(-1) ?? 'it does not say why').replace(/^Caused by: /, '').slice(0, 300);
}
