import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type ConnectorState, type ConnectRest, connectorConfig, Keeper, type OutboxSource } from '@troupe/deploy';
import { endWhenHung } from '../src/connect/watchdog.ts';
import { projectHome } from '../src/settings.ts';
import { Recorder } from './recorder.ts';

const source: OutboxSource = {
  service: 'order',
  slot: 'troupe_order_outbox',
  databaseUrl: 'postgresql://troupe_order:p%40ss@127.0.0.1:54320/troupe_order',
  topicPrefix: 'test-7.',
};

describe('the configuration of a connector', () => {
  const config = connectorConfig(projectHome, source);

  it('has no place left that was not filled in', () => {
    const left = Object.entries(config).filter(([, value]) => /(?<!\$)\{/.test(value));
    expect(left).toEqual([]);
  });

  it('reads the outbox of its service, as its role, through the slot and the publication of our own relay', () => {
    expect(config).toMatchObject({
      'database.hostname': '127.0.0.1',
      'database.port': '54320',
      'database.dbname': 'troupe_order',
      'database.user': 'troupe_order',
      'database.password': 'p@ss',
      'slot.name': 'troupe_order_outbox',
      'publication.name': 'outbox',
      'publication.autocreate.mode': 'disabled',
      'transforms.outbox.route.topic.replacement': `test-7.\${routedByValue}.events`,
      'transforms.deadLetterOutbox.route.topic.replacement': `test-7.\${routedByValue}.dlq`,
    });
  });

  it('leaves the trying again to whoever looks at the slot first', () => {
    expect(config).toMatchObject({ 'errors.max.retries': '0', 'errors.tolerance': 'none' });
  });

  it('can name PostgreSQL as a container sees it, and the password as a variable of the worker', () => {
    const inCompose = connectorConfig(projectHome, {
      ...source,
      hostFromWorker: { host: 'postgres', port: 5432 },
      password: `\${env:TROUPE_ORDER_PASSWORD}`,
    });
    expect(inCompose).toMatchObject({
      'database.hostname': 'postgres',
      'database.port': '5432',
      'database.password': `\${env:TROUPE_ORDER_PASSWORD}`,
    });
  });
});

/** A worker that does what it is told, at once, and keeps the list. */
class Worker {
  readonly asked: string[] = [];
  is: ConnectorState = { is: 'absent' };
  readonly rest = {
    stateOf: async () => this.is,
    put: async () => this.#becomes('put', 'running'),
    stop: async () => this.#becomes('stop', 'stopped'),
    forgetOffsets: async () => void this.asked.push('forget offsets'),
    resume: async () => this.#becomes('resume', 'running'),
  } as unknown as ConnectRest;

  #becomes(act: string, is: 'running' | 'stopped'): void {
    this.asked.push(act);
    this.is = { is };
  }
}

describe('a connector that is kept running', () => {
  let ending = new AbortController();
  afterEach(() => {
    ending.abort();
    ending = new AbortController();
  });

  function keep(worker: Worker, hindrance: () => string | undefined = () => undefined) {
    const told = new Recorder();
    const kept = { name: 'order-outbox', config: {}, hindrance: async () => hindrance() };
    const keeper = new Keeper(kept, worker.rest, told);
    void keeper.keep(ending.signal);
    return { keeper, told };
  }
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(5);
  }

  it('is given to a worker that does not have it, also to one that was started again', async () => {
    const worker = new Worker();
    await keep(worker).keeper.settled;
    worker.is = { is: 'absent' };
    await until(() => worker.asked.length === 2);
    expect(worker.asked).toEqual(['put', 'put']);
  });

  it('that has failed starts again from its slot alone, and that is told, once for each trouble', async () => {
    const worker = new Worker();
    const { keeper, told } = keep(worker);
    await keeper.settled;
    worker.is = { is: 'failed', why: 'connection refused' };
    await until(() => told.lines.length === 2);
    expect(worker.asked).toEqual(['put', 'stop', 'forget offsets', 'resume']);
    expect(told.lines).toEqual([
      'The connector order-outbox has failed (connection refused); it is started again.',
      'The connector order-outbox runs again.',
    ]);
  });

  it('is not started while there is a hindrance, first or again', async () => {
    const worker = new Worker();
    let hindrance: string | undefined = 'the slot is gone.';
    const { keeper, told } = keep(worker, () => hindrance);
    await keeper.settled;
    expect([worker.asked, told.lines]).toEqual([[], ['The connector order-outbox is not started: the slot is gone.']]);
    hindrance = undefined;
    await until(() => worker.is.is === 'running');
    hindrance = 'the slot is lost.';
    worker.is = { is: 'failed', why: 'it was lost' };
    await until(() => told.lines.some((line) => line.includes('the slot is lost')));
    expect(worker.asked).toEqual(['put', 'stop']);
  });

  it('that runs already gets the configuration of this start, and is not stopped for it', async () => {
    const worker = new Worker();
    worker.is = { is: 'running' };
    await keep(worker, () => 'another relay has the slot').keeper.settled;
    expect(worker.asked).toEqual(['put']);
  });
});

describe('a worker that runs', () => {
  /** Watches a worker whose REST API does this, until `done`; says what became of it. */
  async function watched(answer: RequestListener, done: (seen: { asked: number; killed: number }) => boolean) {
    const ending = new AbortController();
    const told = new Recorder();
    const seen = { asked: 0, killed: 0 };
    const server = createServer((request, response) => {
      seen.asked += 1;
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const kill = (): void => {
      seen.killed += 1;
    };
    const worker = { state: 'ready' as const, kill };
    const over = endWhenHung({ worker, url, report: told, silenceMs: 200 }, ending.signal);
    while (!done(seen)) await sleep(5);
    ending.abort();
    await over;
    server.closeAllConnections();
    server.close();
    return { ...seen, lines: told.lines };
  }

  it('and takes requests without ever answering is ended, and that is told', async () => {
    const { killed, lines } = await watched(
      () => {},
      (seen) => seen.killed > 0,
    );
    expect(killed).toBe(1);
    expect(lines).toEqual(['Kafka Connect has not answered for 0.2 s; it is ended.']);
  });

  it('and answers is left alone, whatever it answers', async () => {
    const { killed } = await watched(
      (_request, response) => void response.writeHead(500).end(),
      (seen) => seen.asked === 2,
    );
    expect(killed).toBe(0);
  });
});
