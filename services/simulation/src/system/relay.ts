import {
  OUTBOX_TABLES,
  type OutboxPosition,
  OutboxPublisher,
  type OutboxRecord,
  type Publisher,
  RefusedRecords,
  STAND_BY_MS,
  send,
  unobserved,
} from '@troupe/chassis/internal';
import type { Broker } from '../broker/broker.ts';
import { publisherOf } from '../broker/publisher.ts';
import { memoryRefusedRecords } from '../broker/refused-records.ts';
import { deadLetterRow, eventRow, messagesOf, RELATIONS } from '../broker/wal.ts';
import type { RelayBug } from '../bugs/planted-bug.ts';
import type { DatabaseServer } from '../database/server.ts';
import type { Incarnation } from '../world/incarnation.ts';

/** The advisory lock of an outbox: one relay holds it, and publishes. */
export interface RelayLock {
  holder: Incarnation | undefined;
}

export interface RelayParts {
  readonly incarnation: Incarnation;
  readonly server: DatabaseServer;
  readonly broker: Broker;
  readonly relayLock: RelayLock;
  readonly bug: RelayBug | undefined;
}

/** The relay of a process: the real publishing code, on the log of a database in memory, in the steps of the real relay. */
export function startRelay(parts: RelayParts): void {
  const { incarnation, server, relayLock } = parts;
  const { world } = server;
  const publisher = publisherOf(parts.broker, incarnation);
  const look = (): void => {
    if (!mayPublish(parts)) {
      again();
      return;
    }
    relayLock.holder = incarnation;
    void useSlot(parts, publisher).then(() => {
      if (relayLock.holder === incarnation) relayLock.holder = undefined;
      again();
    });
  };
  // A relay that stands by wakes only when there is something to publish.
  const again = (): void => {
    const earliest = world.now + STAND_BY_MS;
    world.whenever(
      incarnation,
      () => (hasWork(server) && mayPublish(parts) ? earliest : Number.POSITIVE_INFINITY),
      look,
    );
  };
  look();
}

const mayPublish = ({ incarnation, server, relayLock }: RelayParts): boolean =>
  !server.isDown && (relayLock.holder === undefined || !relayLock.holder.alive || relayLock.holder === incarnation);

const hasWork = ({ slot, recovery, log }: DatabaseServer): boolean =>
  slot === undefined || recovery !== 'none' || slot.confirmed < (log.at(-1)?.end ?? 0n);

/** Recovers a lost slot, and streams until the connection breaks. */
async function useSlot(parts: RelayParts, publisher: Publisher): Promise<void> {
  if (parts.server.slot === undefined || parts.server.recovery !== 'none') await recover(parts, publisher);
  await stream(parts, publisher);
}

/** As the real recovery: it is marked as due before the slot is made, and done before the slot is used. */
async function recover({ server, incarnation, relayLock, bug }: RelayParts, publisher: Publisher): Promise<void> {
  server.world.note('slot lost: outbox published again');
  server.recovery = 'to be done';
  const slot = { confirmed: server.end, checkpointed: server.end };
  server.slot = slot;
  const refusedRecords = await refusedRecordsOf(server);
  const isRefused = ({ place }: OutboxRecord) => server.tables.refusedRecords.has(`${place.outbox} ${place.position}`);
  const kept = keptRecords(server).filter((record) => !isRefused(record));
  await server.world.yieldPoint(incarnation);
  if (bug !== 'slot recreated at the end') {
    for (const record of kept) await send([record], 0, { publisher, observer: unobserved, refusedRecords });
  }
  if (relayLock.holder === incarnation && server.slot === slot) server.recovery = 'none';
}

function keptRecords({ tables }: DatabaseServer): readonly OutboxRecord[] {
  const [events, deadLetters] = OUTBOX_TABLES as [(typeof OUTBOX_TABLES)[0], (typeof OUTBOX_TABLES)[0]];
  const inOrder = [...tables.outbox].sort((one, other) => one.position - other.position);
  return [
    ...inOrder.map((row) => events.recordOf(eventRow(row), '')),
    ...tables.deadLetterOutbox.map((row) => deadLetters.recordOf(deadLetterRow(row), '')),
  ];
}

/** The refused records, as each relay reads them when it gets the lock. */
function refusedRecordsOf(server: DatabaseServer): Promise<RefusedRecords> {
  const recordAt = ({ outbox, position }: OutboxPosition) =>
    keptRecords(server).find(({ place }) => place.outbox === outbox && place.position === position);
  return RefusedRecords.open({
    table: memoryRefusedRecords(server, recordAt),
    refused: ({ place }) => {
      server.world.note('relay kept a refused record');
      if (place.outbox === 'outbox') throw new Error(`The broker refused the event ${place.id}: none is so large.`);
    },
    counted: () => undefined,
  });
}

/** Ends when the database crashes or is down, when the slot is lost, or when another relay has the lock. */
async function stream({ server, incarnation, relayLock, bug }: RelayParts, publisher: Publisher): Promise<void> {
  const { slot, crashes, world } = server;
  if (slot === undefined || server.recovery !== 'none') return;
  const isMine = () =>
    relayLock.holder === incarnation && server.slot === slot && server.crashes === crashes && !server.isDown;
  const source = {
    confirm: (lsn: bigint) => void (isMine() && server.confirm(lsn)),
    pause: () => undefined,
    resume: () => undefined,
  };
  const withoutWaiting = {
    ...publisher,
    publish: async (records: Parameters<Publisher['publish']>[0]) => {
      publisher.publish(records).catch(() => undefined);
    },
  };
  const shipment = new OutboxPublisher({
    source,
    topicPrefix: '',
    observer: unobserved,
    refusedRecords: await refusedRecordsOf(server),
    publisher: bug === 'acknowledge before publish' ? withoutWaiting : publisher,
  });
  for (const message of RELATIONS) shipment.data(message);
  const { confirmed } = slot;
  let at = server.log.filter(({ end }) => end <= confirmed).length;
  while (isMine()) {
    const next = server.log[at];
    if (next === undefined) await somethingNew(server, incarnation);
    else {
      for (const message of messagesOf(next)) shipment.data(message);
      at += 1;
      await world.yieldPoint(incarnation);
    }
  }
  await shipment.abandon();
}

function somethingNew(server: DatabaseServer, incarnation: Incarnation): Promise<void> {
  return new Promise((go) => {
    const unlisten = server.listen(() => {
      unlisten();
      server.world.soon(incarnation, go);
    });
  });
}
