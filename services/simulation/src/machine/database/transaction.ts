import type { Database, Sql } from '@troupe/chassis';
import type { Life } from '../world.ts';
import { ConnectionLost, type DatabaseServer } from './server.ts';

const noSql = (): never => {
  throw new TypeError('A database in memory understands no SQL: give the code that asks another store.');
};

/** A transaction: what it writes is kept aside until it commits; nobody sees a part of it. */
export class MemoryTx implements Sql {
  readonly life: Life;
  readonly server: DatabaseServer;
  readonly beganAt: number;
  readonly #writes: (() => void)[] = [];
  #broken: Error | undefined;
  #over = false;
  readonly $queryRawUnsafe = noSql;
  readonly $executeRawUnsafe = noSql;

  constructor(life: Life, server: DatabaseServer) {
    this.life = life;
    this.server = server;
    this.beganAt = server.world.now;
    server.opened(this);
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Every statement begins here: others may go first, and it may be the last one. */
  async statement(): Promise<void> {
    const { world, service } = this.server;
    await world.maybe(this.life);
    this.check();
    const aborted = world.faults.strike(
      'transaction aborted',
      () => `in a transaction of ${this.life.name} (${service})`,
    );
    if (aborted) {
      world.note('transaction aborted');
      this.abort(Object.assign(new Error('could not serialize access'), { code: '40001' }));
    }
    this.check();
  }

  async lock(name: string): Promise<void> {
    const waited = this.server.locks.take(name, this);
    if (waited === undefined) return;
    await waited;
    this.check();
  }

  write(change: () => void): void {
    this.#writes.push(change);
  }

  /** All of it, now. @throws what had broken it. */
  commit(): void {
    this.check();
    this.#over = true;
    this.server.commit(this.#writes);
    this.server.closed(this);
  }

  abort(why: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#broken = why;
    this.server.closed(this);
  }

  check(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.server.isAway) throw new ConnectionLost('the server is away');
  }
}

/** What is told of a commit, in the same instant, and when its transaction began. */
export type Committed = (result: unknown, beganAt: number) => void;

/** A process's connection to its database. */
export class Connection implements Database<MemoryTx> {
  readonly life: Life;
  readonly server: DatabaseServer;
  readonly #committed: Committed;
  readonly $queryRawUnsafe = noSql;
  readonly $executeRawUnsafe = noSql;

  constructor(life: Life, server: DatabaseServer, committed: Committed = () => undefined) {
    this.life = life;
    this.server = server;
    this.#committed = committed;
  }

  async $connect(): Promise<void> {}
  async $disconnect(): Promise<void> {}

  async $transaction<Result>(work: (tx: MemoryTx) => Promise<Result>): Promise<Result> {
    const tx = new MemoryTx(this.life, this.server);
    try {
      tx.check();
      const result = await work(tx);
      await this.#commit(tx, result);
      return result;
    } catch (error) {
      tx.abort(error as Error);
      throw error;
    }
  }

  /** A single statement outside a transaction. */
  async alone<Result>(statement: () => Result): Promise<Result> {
    const { world } = this.server;
    await world.maybe(this.life);
    if (this.server.isAway) throw new ConnectionLost('the server is away');
    return statement();
  }

  async #commit(tx: MemoryTx, result: unknown): Promise<void> {
    const { world, service } = this.server;
    const { life } = this;
    await world.point(life);
    tx.commit();
    this.#committed(result, tx.beganAt);
    if (world.faults.strike('commit answer lost', () => `to ${life.name} (${service})`)) {
      world.note('commit answer lost');
      throw new ConnectionLost('the connection broke before the answer to COMMIT');
    }
    await world.point(life);
  }
}
