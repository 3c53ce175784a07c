import { byKey } from '../postgres/by-key.ts';
import type { Sql } from '../rules/database.ts';
import { isOpen, keyHash, keyHashOf, topicOf } from './dead-letters/key-hash.ts';
import {
  aged,
  listOf,
  ms,
  type OpenLetter,
  SHOWN_EVENT,
  SHOWN_LETTER,
  SHOWN_TASK,
  type StoredEvent,
  type StoredLetter,
  type StoredTask,
  taskShown,
  type UnansweredTask,
  type UnpublishedEvent,
  WHY_REFUSED,
} from './status.ts';

/** Of each list. One saga has a few of each. */
const MOST = 100;
/** So many rows of the outbox are looked through. Only what is not published is, and mostly that is nothing. */
export const MOST_LOOKED_THROUGH = 20_000;

/** What a service knows of one saga. */
export interface Progress {
  readonly received: readonly {
    readonly eventId: string;
    readonly at: Date;
    readonly ignoredBecause: string | null;
  }[];
  readonly tasks: readonly UnansweredTask[];
  readonly letters: readonly OpenLetter[];
  readonly unpublished: readonly UnpublishedEvent[];
}

export interface ProgressQuery {
  readonly sagaId: string;
  /** Ids of events of the saga: the inbox is asked for these. */
  readonly eventIds: readonly string[];
  /** Names of the calls and timers of the table. */
  readonly tasks: readonly string[];
  /** The topics that are read, and those that are written. */
  readonly topics: { readonly heard: readonly string[]; readonly said: readonly string[] };
  /** Undefined: it is not known how far the outbox is published. Then the newest rows are looked through. */
  readonly publishedUpTo: string | undefined;
}

/**
 * An order that an index has would be followed through the whole table, where statistics know of no rows: so only tasks are sorted,
 * whose index is the one that finds them.
 * @param up from the published rows on; otherwise from the newest row back
 */
const progress = (up: boolean): string => `SELECT
  ${listOf(`SELECT inbox.event_id::text AS "eventId", ${ms('inbox.received_at')} AS since, inbox.ignored_because AS "ignoredBecause"
    FROM unnest($2::uuid[]) AS asked(id) JOIN chassis.inbox ON ${byKey('inbox.event_id', 'asked.id')} LIMIT ${MOST * 10}`)} AS received,
  ${listOf(`SELECT pending.* FROM unnest($3::text[]) AS task_of(name) CROSS JOIN LATERAL (
    SELECT ${SHOWN_TASK} FROM chassis.task
    WHERE task.name = task_of.name AND task.key >= $1 AND task.key < $4 AND (task.key = $1 OR starts_with(task.key, $1 || '/'))
    ORDER BY task.key LIMIT ${MOST} OFFSET 0) AS pending`)} AS tasks,
  ${listOf(`SELECT open.* FROM unnest($5::text[]) AS heard(topic) CROSS JOIN LATERAL (
    SELECT ${SHOWN_LETTER} FROM chassis.dead_letter d
    WHERE ${isOpen('d')} AND ${topicOf('d')} = heard.topic AND ${keyHashOf('d')} = decode($6, 'hex')
    LIMIT ${MOST} OFFSET 0) AS open`)} AS letters,
  ${listOf(`SELECT aside.* FROM unnest($7::text[]) AS said(topic) CROSS JOIN LATERAL (
    SELECT ${SHOWN_EVENT}, ${WHY_REFUSED}
    FROM chassis.relay_aside a JOIN chassis.outbox o ON ${byKey('o.position', 'a.position')}
    WHERE a.outbox || '' = 'outbox' AND a.topic = said.topic AND a.key_hash = decode($6, 'hex')
    LIMIT ${MOST} OFFSET 0) AS aside`)} AS aside,
  ${listOf(`SELECT ${SHOWN_EVENT}, NULL AS refused FROM (
    SELECT id, type, ce_causationid, ce_time, aggregateid, position FROM chassis.outbox WHERE position > $8::text::bigint
    ORDER BY position ${up ? '' : 'DESC'} LIMIT ${MOST_LOOKED_THROUGH}) AS o
    WHERE o.aggregateid = $1 LIMIT ${MOST}`)} AS behind`;

const UP = progress(true);
const BACK = progress(false);

interface ProgressColumns {
  readonly received: readonly { eventId: string; since: number; ignoredBecause: string | null }[];
  readonly tasks: readonly StoredTask[];
  readonly letters: readonly StoredLetter[];
  readonly aside: readonly StoredEvent[];
  readonly behind: readonly StoredEvent[];
}

/** One statement. Each part goes by an index to the rows of the saga; only the outbox is looked through, from where it is published. */
export async function lookAtProgress(db: Sql, query: ProgressQuery): Promise<Progress> {
  const { sagaId, eventIds, tasks, topics, publishedUpTo } = query;
  const rows = await db.$queryRawUnsafe<ProgressColumns[]>(
    publishedUpTo === undefined ? BACK : UP,
    sagaId,
    eventIds,
    tasks,
    nextId(sagaId),
    topics.heard,
    keyHash(Buffer.from(sagaId)),
    topics.said,
    publishedUpTo ?? '0',
  );
  const { received, tasks: pending, letters, aside, behind } = rows[0] as ProgressColumns;
  const setAside = new Set(aside.map(({ eventId }) => eventId));
  const waiting = [...aside, ...behind.filter(({ eventId }) => !setAside.has(eventId))];
  return {
    received: received.map(({ since, ...event }) => ({ ...event, at: new Date(since) })),
    tasks: pending.map(taskShown),
    letters: letters.map(aged),
    unpublished: waiting.map(aged),
  };
}

/**
 * The id after this one: keys that begin with an id lie between the two, in every collation. They share all characters but the
 * last that differ, and there a digit of the one is compared with a greater one of the other.
 */
export function nextId(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return next.length > 32 ? 'g' : next.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
