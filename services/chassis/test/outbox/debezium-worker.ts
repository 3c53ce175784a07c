import {
  addWorker,
  ConnectRest,
  connectorOf,
  freePorts,
  keeperOf,
  projectHome,
  Supervisor,
  settingsFrom,
} from '@troupe/embedded';
import { fromStack } from '../../src/testing/stack.ts';
import { brokers } from '../kafka/real-kafka.ts';
import { eventually } from '../testing/eventually.ts';
import type { RealOutbox } from './real-outbox.ts';
import type { RelayUnderContract } from './relay-contract.ts';

type Child = Awaited<ReturnType<typeof addWorker>>;

/** Kafka Connect for a test file, and its connectors as `npm start` keeps them running. */
export class DebeziumWorker {
  /** What a person would have read. */
  readonly told: string[] = [];
  readonly #report = {
    note: (line: string) => void this.told.push(line),
    warn: (line: string) => void this.told.push(line),
    step: <T>(_title: string, work: (update: () => void) => Promise<T>) => work(() => undefined),
  };
  readonly #dataDir: string;
  readonly #supervisor: Supervisor;
  #child: Child | undefined;
  #rest: ConnectRest | undefined;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#supervisor = new Supervisor({ dataDir, report: this.#report });
  }

  async start(): Promise<void> {
    const url = `http://127.0.0.1:${(await freePorts()).connect}`;
    this.#rest = new ConnectRest(url);
    this.#child = await addWorker(this.#supervisor, this.#report, {
      cacheDir: settingsFrom(process.env).cacheDir,
      dataDir: this.#dataDir,
      brokers: brokers().join(','),
      url,
      env: { TROUPE_TEST_PASSWORD: new URL(fromStack('TEST_POSTGRES_ADMIN_URL')).password },
    });
    await this.#child.start();
  }

  stop = (): Promise<void> => this.#supervisor.stop();

  get child(): Child {
    if (this.#child === undefined) throw new Error('The worker was not started.');
    return this.#child;
  }

  get rest(): ConnectRest {
    if (this.#rest === undefined) throw new Error('The worker was not started.');
    return this.#rest;
  }

  /** A connector for an outbox. Killed, it goes with the whole worker, which its supervisor starts again. */
  relayOf(
    outbox: RealOutbox,
    topicPrefix: string,
    settings: Readonly<Record<string, string>> = {},
  ): RelayUnderContract {
    const source = {
      service: outbox.name,
      slot: outbox.slot,
      databaseUrl: outbox.url,
      password: `\${env:TROUPE_TEST_PASSWORD}`,
      topicPrefix,
      settings,
    };
    const name = connectorOf(source);
    let keeping = new AbortController();
    const runs = async () => (await this.rest.stateOf(name)).is === 'running';
    const gone = async () => (await outbox.slotState())?.active !== true;
    const remove = async () => {
      keeping.abort();
      await this.rest.remove(name);
      await eventually(gone, 'the connector has let go of its slot');
    };
    return {
      start: async () => {
        if (keeping.signal.aborted) keeping = new AbortController();
        void keeperOf(source, { home: projectHome, rest: this.rest, report: this.#report }).keep(keeping.signal);
        await this.child.ready();
        await eventually(() => runs().catch(() => false), 'the connector runs');
      },
      stop: remove,
      kill: async () => {
        keeping.abort();
        const { pid } = this.child;
        this.child.kill('SIGKILL');
        await eventually(() => this.child.pid !== pid, 'the worker is dead');
      },
      close: remove,
    };
  }
}
