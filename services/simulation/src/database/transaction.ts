import type { Database, Sql } from '@troupe/chassis';
import type { Incarnation } from '../world/incarnation.ts';
import { ConnectionLost, type DatabaseServer } from './server.ts';

const noSql = (): never => {
  throw new TypeError('A database in memory understands no SQL: use memoryStore.');
};

/** A transaction. Its writes become visible at its commit, all at once. */
export class MemoryTx implements Sql {
  readonly incarnation: Incarnation;
  readonly server: DatabaseServer;
  readonly beganAt: number;
  readonly #writes: (() => void)[] = [];
  #broken: Error | undefined;
  #over = false;
  readonly $queryRawUnsafe = noSql;
  readonly $executeRawUnsafe = noSql;

  constructor(incarnation: Incarnation, server: DatabaseServer) {
    this.incarnation = incarnation;
    this.server = server;
    this.beganAt = server.world.now;
    server.opened(this);
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Begins a statement: other processes may run first, and a fault may abort the transaction. */
  async statement(): Promise<void> {
    const { world, service } = this.server;
    await world.maybeYield(this.incarnation);
    this.check();
    const aborted = world.faults.inject(
      'transaction aborted',
      () => `in a transaction of ${this.incarnation.name} (${service})`,
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

  /** Makes all writes visible. @throws the error that has aborted the transaction. */
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
    if (this.server.isDown) throw new ConnectionLost('the server is away');
  }
}

/** Called at the moment of a commit, with the result of the transaction and its beginning. */
export type Committed = (result: unknown, beganAt: number) => void;

/** The connection of a process to its database. */
export class Connection implements Database<MemoryTx> {
  readonly incarnation: Incarnation;
  readonly server: DatabaseServer;
  readonly #committed: Committed;
  readonly $queryRawUnsafe = noSql;
  readonly $executeRawUnsafe = noSql;

  constructor(incarnation: Incarnation, server: DatabaseServer, committed: Committed = () => undefined) {
    this.incarnation = incarnation;
    this.server = server;
    this.#committed = committed;
  }

  async $connect(): Promise<void> {}
  async $disconnect(): Promise<void> {}

  async $transaction<Result>(work: (tx: MemoryTx) => Promise<Result>): Promise<Result> {
    const tx = new MemoryTx(this.incarnation, this.server);
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
  async autocommit<Result>(statement: () => Result): Promise<Result> {
    const { world } = this.server;
    await world.maybeYield(this.incarnation);
    if (this.server.isDown) throw new ConnectionLost('the server is away');
    return statement();
  }

  async #commit(tx: MemoryTx, result: unknown): Promise<void> {
    const { world, service } = this.server;
    const { incarnation } = this;
    await world.yieldPoint(incarnation);
    tx.commit();
    this.#committed(result, tx.beganAt);
    if (world.faults.inject('commit answer lost', () => `to ${incarnation.name} (${service})`)) {
      world.note('commit answer lost');
      throw new ConnectionLost('the connection broke before the answer to COMMIT');
    }
    await world.yieldPoint(incarnation);
  }
}
