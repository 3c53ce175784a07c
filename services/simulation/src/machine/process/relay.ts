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
import { memoryRefusedRecords } from '../broker/aside.ts';
import type { Broker } from '../broker/broker.ts';
import { publisherOf } from '../broker/publisher.ts';
import { deadLetterRow, eventRow, messagesOf, RELATIONS } from '../broker/wal.ts';
import type { DatabaseServer } from '../database/server.ts';
import type { Life } from '../world.ts';

/** What tests plant in the relay. */
export type RelayBug = 'acknowledge before publish' | 'slot recreated at the end';

/** Who may publish an outbox: one relay at a time, by a lock of its connection. */
export interface Turn {
  holder: Life | undefined;
}

export interface RelayParts {
  readonly life: Life;
  readonly server: DatabaseServer;
  readonly broker: Broker;
  readonly turn: Turn;
  readonly bug: RelayBug | undefined;
}

/** The relay of a process: the real Shipment, on the log of a database in memory; around it the steps of the real relay. */
export function startRelay(parts: RelayParts): void {
  const { life, server, turn } = parts;
  const { world } = server;
  const publisher = publisherOf(parts.broker, life);
  const look = (): void => {
    if (!mayGo(parts)) {
      again();
      return;
    }
    turn.holder = life;
    void useSlot(parts, publisher).then(() => {
      if (turn.holder === life) turn.holder = undefined;
      again();
    });
  };
  // Who stands by need not look before there is something to publish.
  const again = (): void => {
    const earliest = world.now + STAND_BY_MS;
    world.whenever(life, () => (hasWork(server) && mayGo(parts) ? earliest : Number.POSITIVE_INFINITY), look);
  };
  look();
}

const mayGo = ({ life, server, turn }: RelayParts): boolean =>
  !server.isAway && (turn.holder === undefined || !turn.holder.alive || turn.holder === life);

const hasWork = ({ slot, recovery, log }: DatabaseServer): boolean =>
  slot === undefined || recovery !== 'none' || slot.confirmed < (log.at(-1)?.end ?? 0n);

/** Repairs the slot, and streams until the connection breaks. */
async function useSlot(parts: RelayParts, publisher: Publisher): Promise<void> {
  if (parts.server.slot === undefined || parts.server.recovery !== 'none') await recover(parts, publisher);
  await stream(parts, publisher);
}

/** As recovery.ts: that it is to be done is known before the slot is made, and done before the slot is used. */
async function recover({ server, life, turn, bug }: RelayParts, publisher: Publisher): Promise<void> {
  server.world.note('slot lost: outbox published again');
  server.recovery = 'to be done';
  const slot = { confirmed: server.end, checkpointed: server.end };
  server.slot = slot;
  const aside = await asideOf(server);
  const isAside = ({ place }: OutboxRecord) => server.tables.aside.has(`${place.outbox} ${place.position}`);
  const kept = keptRecords(server).filter((record) => !isAside(record));
  await server.world.point(life);
  if (bug !== 'slot recreated at the end') {
    for (const record of kept) await send([record], 0, { publisher, observer: unobserved, aside });
  }
  if (turn.holder === life && server.slot === slot) server.recovery = 'none';
}

function keptRecords({ tables }: DatabaseServer): readonly OutboxRecord[] {
  const [events, deadLetters] = OUTBOX_TABLES as [(typeof OUTBOX_TABLES)[0], (typeof OUTBOX_TABLES)[0]];
  const inOrder = [...tables.outbox].sort((one, other) => one.position - other.position);
  return [
    ...inOrder.map((row) => events.recordOf(eventRow(row), '')),
    ...tables.deadLetterOutbox.map((row) => deadLetters.recordOf(deadLetterRow(row), '')),
  ];
}

/** What the broker has refused, as every turn of a relay finds it. */
function asideOf(server: DatabaseServer): Promise<RefusedRecords> {
  const recordAt = ({ outbox, position }: OutboxPosition) =>
    keptRecords(server).find(({ place }) => place.outbox === outbox && place.position === position);
  return RefusedRecords.open({
    table: memoryRefusedRecords(server, recordAt),
    refused: ({ place }) => {
      server.world.note('relay set a record aside');
      if (place.outbox === 'outbox') throw new Error(`The broker refused the event ${place.id}: none is so large.`);
    },
    counted: () => undefined,
  });
}

/** Ends when the database crashes or is away, when the slot is gone, or when the turn is another's. */
async function stream({ server, life, turn, bug }: RelayParts, publisher: Publisher): Promise<void> {
  const { slot, crashes, world } = server;
  if (slot === undefined || server.recovery !== 'none') return;
  const isMine = () => turn.holder === life && server.slot === slot && server.crashes === crashes && !server.isAway;
  const source = {
    confirm: (lsn: bigint) => void (isMine() && server.confirm(lsn)),
    ...{ pause: () => undefined, resume: () => undefined },
  };
  const careless = {
    ...publisher,
    publish: async (records: Parameters<Publisher['publish']>[0]) => {
      publisher.publish(records).catch(() => undefined);
    },
  };
  const shipment = new OutboxPublisher({
    ...{ source, topicPrefix: '', observer: unobserved, aside: await asideOf(server) },
    publisher: bug === 'acknowledge before publish' ? careless : publisher,
  });
  for (const message of RELATIONS) shipment.data(message);
  const { confirmed } = slot;
  let at = server.log.filter(({ end }) => end <= confirmed).length;
  while (isMine()) {
    const next = server.log[at];
    if (next === undefined) await somethingNew(server, life);
    else {
      for (const message of messagesOf(next)) shipment.data(message);
      at += 1;
      await world.point(life);
    }
  }
  await shipment.abandon();
}

function somethingNew(server: DatabaseServer, life: Life): Promise<void> {
  return new Promise((go) => {
    const unlisten = server.listen(() => {
      unlisten();
      server.world.soon(life, go);
    });
  });
}
