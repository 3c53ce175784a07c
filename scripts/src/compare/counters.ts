import { cpus } from 'node:os';
import { type ServiceName, type Stack, serviceNames } from '@troupe/embedded';
import type { Admin } from 'kafkajs';
import type { Meter } from '../measure/meter/meter.ts';
import { ownCpuMs } from '../measure/meter/processes.ts';
import { sum } from '../measure/statistics.ts';
import { query } from '../stack/database.ts';
import { kafkaAdmin } from '../stack/kafka-admin.ts';
import { requestsIn } from '../stack/metrics-text.ts';

/** What a system has done since it began, by its own counters. */
export interface Reading {
  readonly atMs: number;
  /** Records on the topic of each service. */
  readonly events: Readonly<Record<ServiceName, number>>;
  /** Requests that the orchestrator has sent to the participants. */
  readonly requests: number;
  /** Transactions that the databases of the services have committed, by PostgreSQL's count. */
  readonly transactions: number;
  /** Of all processes of the system; undefined where it cannot be measured. */
  readonly cpuMs: number | undefined;
  /** Of everything on this machine but the system and this program; undefined where it cannot be measured. */
  readonly othersCpuMs: number | undefined;
}

/** Services that the orchestrator asks, and the beginning of their routes for it. */
const PARTICIPANTS = { payment: '/payments', inventory: '/reservations', shipping: '/shipments' } as const;

const TRANSACTIONS = `
  SELECT sum(xact_commit)::bigint AS transactions FROM pg_stat_database WHERE datname = ANY($1::text[])`;

/** Reads the counters of a system. Reading adds nothing to them. */
export class Counters {
  readonly #stack: Stack;
  readonly #meter: Meter | undefined;
  readonly #kafka: Admin;

  private constructor(stack: Stack, meter: Meter | undefined, kafka: Admin) {
    this.#stack = stack;
    this.#meter = meter;
    this.#kafka = kafka;
  }

  static async of(stack: Stack, meter: Meter | undefined): Promise<Counters> {
    return new Counters(stack, meter, await kafkaAdmin(stack.addresses));
  }

  async close(): Promise<void> {
    await this.#kafka.disconnect().catch(() => undefined);
  }

  async read(): Promise<Reading> {
    const atMs = performance.now();
    const cpu = this.#meter?.cpu();
    const cpuMs = cpu && sum(cpu.map((time) => time.cpuMs));
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
        return [service, sum(partitions.map(({ high }) => Number(high)))] as const;
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
    return sum(counted);
  }

  async #transactions(): Promise<number> {
    const { adminUrl, databaseUrl } = this.#stack.addresses;
    const databases = serviceNames.map((service) => new URL(databaseUrl(service)).pathname.slice(1));
    const [row] = await query<{ transactions: string }>(adminUrl, TRANSACTIONS, [databases]);
    return Number(row?.transactions);
  }
}

/** CPU time of all processors since the machine began. */
function machineCpuMs(): number {
  return sum(cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq));
}
