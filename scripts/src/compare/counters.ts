import { cpus } from 'node:os';
import { mendKafkajs } from '@troupe/chassis';
import { type ServiceName, type Stack, serviceNames } from '@troupe/embedded';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Meter } from '../bench/meter.ts';
import { ownCpuMs } from '../bench/processes.ts';

/** What a system has done since it began, by its own books. */
export interface Reading {
  readonly atMs: number;
  /** Records on the topic of each service. */
  readonly events: Readonly<Record<ServiceName, number>>;
  /** Requests that an orchestrator has sent to the participants. */
  readonly requests: number;
  /** Transactions that the databases of the services have committed, by PostgreSQL's count. */
  readonly transactions: number;
  /** Of all processes of the system; undefined where it cannot be measured. */
  readonly cpuMs: number | undefined;
  /** Of everything on this machine but the system and this program; undefined where it cannot be measured. */
  readonly othersCpuMs: number | undefined;
}

/** Who is asked by an orchestrator, and the beginning of the routes for it. */
const PARTICIPANTS = { payment: '/payments', inventory: '/reservations', shipping: '/shipments' } as const;

/** Reads the books of a system. Reading costs nothing that is counted. */
export class Counters {
  readonly #stack: Stack;
  readonly #meter: Meter | undefined;
  readonly #kafka: Admin;
  readonly #postgres: pg.Client;

  private constructor(stack: Stack, meter: Meter | undefined) {
    mendKafkajs();
    this.#stack = stack;
    this.#meter = meter;
    const { brokers, adminUrl } = stack.addresses;
    this.#kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    this.#postgres = new pg.Client({ connectionString: adminUrl });
  }

  static async of(stack: Stack, meter: Meter | undefined): Promise<Counters> {
    const counters = new Counters(stack, meter);
    await Promise.all([counters.#kafka.connect(), counters.#postgres.connect()]);
    return counters;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#kafka.disconnect(), this.#postgres.end()]);
  }

  async read(): Promise<Reading> {
    const atMs = performance.now();
    const cpuMs = this.#meter?.cpu().reduce((sum, time) => sum + time.cpuMs, 0);
    const othersCpuMs = cpuMs === undefined ? undefined : machineCpuMs() - cpuMs - ownCpuMs();
    const [events, requests, transactions] = await Promise.all([
      this.#events(),
      this.#requests(),
      this.#transactions(),
    ]);
    return { atMs, events, requests, transactions, cpuMs, othersCpuMs };
  }

  async #events(): Promise<Reading['events']> {
    const counted = await Promise.all(
      serviceNames.map(async (service) => {
        const partitions = await this.#kafka.fetchTopicOffsets(`${service}.events`);
        return [service, partitions.reduce((sum, { high }) => sum + Number(high), 0)] as const;
      }),
    );
    return Object.fromEntries(counted) as Record<ServiceName, number>;
  }

  async #requests(): Promise<number> {
    const counted = await Promise.all(
      Object.entries(PARTICIPANTS).map(async ([service, route]) => {
        const response = await fetch(`${this.#stack.addresses.serviceUrl(service as ServiceName)}/metrics`);
        return requestsIn(await response.text(), route);
      }),
    );
    return counted.reduce((sum, count) => sum + count, 0);
  }

  async #transactions(): Promise<number> {
    const { rows } = await this.#postgres.query<{ transactions: string }>(
      'SELECT sum(xact_commit)::bigint AS transactions FROM pg_stat_database WHERE datname = ANY($1::text[])',
      [serviceNames.map((service) => new URL(this.#stack.addresses.databaseUrl(service)).pathname.slice(1))],
    );
    return Number(rows[0]?.transactions);
  }
}

/** What all processors have worked since the machine began. */
function machineCpuMs(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

/** How many requests a service has answered on routes with this beginning, as its metrics say. */
export function requestsIn(metrics: string, route: string): number {
  return metrics
    .split('\n')
    .filter(
      (line) => line.startsWith('http_server_request_duration_seconds_count{') && line.includes(`route="${route}`),
    )
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
