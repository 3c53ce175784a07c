import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hears } from '@troupe/audit';
import type { ServiceName, Stack } from '@troupe/embedded';
import { Kafka, logLevel } from 'kafkajs';
import { query } from '../../stack/database.ts';
import type { Buyers } from '../buyers.ts';

/**
 * An order that goes well, and one that fails at each step, in both styles: every service says and hears something in both
 * directions, and is asked for every step.
 */
const WISHES = [
  { sku: 'SKU-001', paymentToken: 'tok_ok' },
  { sku: 'SKU-002', paymentToken: 'tok_declined' },
  { sku: 'SKU-099', paymentToken: 'tok_ok' },
  { sku: 'SKU-100', paymentToken: 'tok_ok' },
];
const DEAD_LETTER_MS = 60_000;

export async function placeOrders(buyers: Buyers, orchestrated: boolean): Promise<void> {
  await Promise.all(WISHES.map((wish) => buyers.buy({ ...wish, orchestrated })));
}

/** Takes the replication slot away while nobody uses it, as a failover to a standby does. */
export async function loseSlot({ addresses }: Stack, service: ServiceName): Promise<void> {
  await query(addresses.databaseUrl(service), 'SELECT pg_drop_replication_slot($1)', [`troupe_${service}_outbox`]);
}

/** A message that cannot be read; when it is a dead letter of the service, its replay is asked for. Resolves with its URL. */
export async function askForReplay({ addresses }: Stack, service: ServiceName): Promise<string> {
  const key = randomUUID();
  await poison(addresses.brokers, service, key);
  const url = `${addresses.serviceUrl(service)}/dead-letters`;
  const end = Date.now() + DEAD_LETTER_MS;
  while (Date.now() < end && (await itemsAt(`${url}?key=${key}`)) === 0) await sleep(100);
  const response = await fetch(`${url}/replays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-operator': 'failpoints' },
    body: JSON.stringify({ filter: { key } }),
  });
  if (response.status !== 202) throw new Error(`A replay was answered ${response.status}: ${await response.text()}`);
  return `${addresses.serviceUrl(service)}${response.headers.get('location')}`;
}

async function itemsAt(url: string): Promise<number> {
  const { items } = (await (await fetch(url)).json()) as { readonly items: readonly unknown[] };
  return items.length;
}

async function poison(brokers: string, service: ServiceName, key: string): Promise<void> {
  const heard = hears.find((row) => row.service === service);
  const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const headers = { ce_id: randomUUID(), ce_type: heard?.type ?? '' };
  await producer.send({ topic: heard?.topic ?? '', messages: [{ key, value: 'not Avro', headers }] });
  await producer.disconnect();
}

/** Waits until a replay has finished, also when it needs another process for that. False: not in time. */
export async function finished(replayUrl: string, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    const response = await fetch(replayUrl).catch(() => undefined);
    const replay = response?.ok ? ((await response.json()) as { readonly status: string }) : undefined;
    if (replay?.status === 'FINISHED') return true;
    await sleep(250);
  }
  return false;
}
