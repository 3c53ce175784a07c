import { slotOf } from '@troupe/deploy';
import pg from 'pg';
import { holdRelay as held } from '../../../../infra/embedded/src/lab/held-relay.ts';
import type { Ground, Heal } from './ground.ts';

/** Takes the turn from the relays of a service, as the lab does. */
export async function holdRelay({ stack }: Ground, service: string): Promise<Heal> {
  const turn = held(stack.addresses.adminUrl, service, slotOf(service));
  await turn(true);
  return () => turn(false);
}

/** Puts another's slot in the place of a service's: its relay refuses that. */
export async function loseSlot({ stack }: Ground, service: string): Promise<Heal> {
  const slot = slotOf(service);
  // Of the database postgres, whose tables the slot would show.
  const client = new pg.Client({ connectionString: stack.addresses.adminUrl });
  await client.connect();
  const drop = async () => {
    for (let tries = 0; tries < 200; tries++) {
      await client.query(
        'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active',
        [slot],
      );
      const dropped = await client
        .query(
          'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active',
          [slot],
        )
        .then(
          ({ rowCount }) => (rowCount ?? 0) > 0,
          () => false,
        );
      if (dropped) return;
    }
    throw new Error(`The slot ${slot} could not be dropped.`);
  };
  await drop();
  await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
  return async () => {
    await drop();
    await client.end();
  };
}
