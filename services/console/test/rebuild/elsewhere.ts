import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sandboxNames, serviceNames } from '@troupe/embedded';
import type { Admin } from 'kafkajs';
import { kafkaAdmin } from '../../../../scripts/src/stack/kafka-admin.ts';
import type { Ground } from '../faults/ground.ts';

/** A word for each thing, to be compared with the word of another moment. */
export type Elsewhere = Readonly<Record<string, string>>;

/**
 * Whatever something could be sent to: the end of every partition, how far every group but the console's has come, every row of
 * every table of the services, and the books of the provider, the carrier and the mailbox.
 */
export async function elsewhere(ground: Ground): Promise<Elsewhere> {
  const databases = await Promise.all(serviceNames.map((service) => tablesOf(ground, service)));
  return Object.assign({}, await inKafka(ground), ...databases, ...sandboxNames.map((name) => booksOf(ground, name)));
}

/** What is not the same in both. */
export function changed(before: Elsewhere, after: Elsewhere): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name]} → ${after[name]}`);
}

/** The end of each partition of the topics that carry events and dead letters. */
export async function ends(ground: Ground): Promise<Elsewhere> {
  return only(await inKafka(ground), (name) => /^end of \w+\.(events|dlq)\//.test(name));
}

/** How many records a group has not come to, in the topics that it reads. */
export async function lagOf(ground: Ground, groupId: string): Promise<number> {
  return asked(ground, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId });
    const behind = await Promise.all(
      committed.map(async ({ topic, partitions }) => {
        const next = new Map(partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]));
        const found = await admin.fetchTopicOffsets(topic);
        return found.map(({ partition, high }) => Number(high) - (next.get(partition) ?? 0));
      }),
    );
    return behind.flat().reduce((sum, records) => sum + records, 0);
  });
}

const inKafka = (ground: Ground): Promise<Elsewhere> =>
  asked(ground, async (admin) => {
    // Where groups keep their offsets a reader writes; those of the others are compared below.
    const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
    const found = await Promise.all(
      topics.map(async (topic) =>
        (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [`end of ${topic}/${partition}`, high]),
      ),
    );
    const { groups } = await admin.listGroups();
    const others = groups.map(({ groupId }) => groupId).filter((id) => !/^console(\.|$)/.test(id));
    const committed = await Promise.all(
      others.map(async (groupId) => [`group ${groupId}`, JSON.stringify(await admin.fetchOffsets({ groupId }))]),
    );
    return Object.fromEntries([...found.flat(), ...committed]);
  });

async function asked<Answer>({ stack }: Ground, question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
  const admin = await kafkaAdmin(stack.addresses);
  try {
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}

async function tablesOf(ground: Ground, service: string): Promise<Elsewhere> {
  const tables = await ground.sql<{ name: string }>(
    service,
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const digests = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, count(*) || ' rows ' || md5(coalesce(string_agg(r::text, E'\\n' ORDER BY r::text), '')) AS word FROM ${name} AS r`,
  );
  const words = await ground.sql<{ name: string; word: string }>(service, digests.join(' UNION ALL '));
  return Object.fromEntries(words.map(({ name, word }) => [`${service}: ${name}`, word]));
}

function booksOf({ stack }: Ground, sandbox: string): Elsewhere {
  const folder = path.join(stack.settings.dataDir, sandbox);
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith('.jsonl'))
      .map((file) => {
        const book = readFileSync(path.join(folder, file));
        return [`${sandbox}: ${file}`, `${book.length} bytes ${createHash('md5').update(book).digest('hex')}`];
      }),
  );
}

const only = (all: Elsewhere, isWanted: (name: string) => boolean): Elsewhere =>
  Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
