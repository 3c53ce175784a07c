import { setTimeout as sleep } from 'node:timers/promises';
import { kill } from '@troupe/embedded';
import { Dice } from '../../../../scripts/src/attacks/chaos/dice.ts';
import { Load } from '../../../../scripts/src/attacks/chaos/load.ts';
import { finished } from '../../../../scripts/src/attacks/failpoints/stimuli.ts';
import { FAULTS } from '../faults/faults.ts';
import { type Ground, within } from '../faults/ground.ts';

const SAGAS = 1_000;
const EVERY_MS = 60;
/** How long each fault is left as it is. */
const HELD_MS = 500;
const HEALED_MS = 30_000;
const SEED = 20;

/** Faults of the table that each diagnosis is proven with. Some make dead letters, some make records that are published twice. */
const STRUCK = [
  'inventory is killed; it owes the reservation',
  'the relay of order is held; the order stands in its outbox',
  'an order of no value, which payment cannot charge',
  'the payment provider is killed',
  'the payment is parked at inventory behind bytes that nobody can decode',
  'the replication slot of inventory is another’s',
  'the provider refuses the refund, and is asked again later',
  'a foreign producer says an event that no table declares there',
  'payment is killed; an orchestrator asks it',
  'the carrier is killed, and a dozen orders ask it',
];

/**
 * A thousand orders of all kinds and in both styles, while services are killed, relays held, partners away, messages poisoned,
 * dead letters replayed and discarded, and while the console itself is killed amid its reading.
 */
export async function thousandSagas(ground: Ground): Promise<void> {
  const load = new Load([ground.stack.addresses.serviceUrl('order')], new Dice(SEED));
  load.start(EVERY_MS);
  let failure: Error | undefined;
  const faults = faultsAmid(ground).catch((error: Error) => {
    failure = error;
  });
  while (failure === undefined && load.buyers.purchases.length < SAGAS) await sleep(EVERY_MS);
  await load.stop();
  // They may go on for longer.
  await faults;
  if (failure !== undefined) throw failure;
  const refused = await load.buyers.insist();
  if (refused.length > 0) throw new Error(`${refused.length} orders were not accepted in the end.`);
}

async function faultsAmid(ground: Ground): Promise<void> {
  for (const [at, what] of STRUCK.entries()) {
    if (at % 4 === 1) await killed(ground, 'console');
    await struck(ground, what);
  }
  await replayed(ground);
  await sentTwice(ground);
  for (const service of ['order', 'shipping', 'notification', 'postgres']) await killed(ground, service);
}

async function struck(ground: Ground, what: string): Promise<void> {
  const fault = FAULTS.find((known) => known.what === what);
  if (fault === undefined) throw new Error(`There is no fault "${what}".`);
  const { heal } = await fault.strike(ground);
  await sleep(HELD_MS);
  // Under load an order may not have come yet to where it can be healed.
  let failure: unknown = 'nothing was tried';
  const healed = () =>
    heal().then(
      () => true,
      (error: unknown) => {
        failure = error;
        return false;
      },
    );
  if (!(await within(HEALED_MS, healed, Boolean))) throw new Error(`Not mended: ${what}`, { cause: failure });
}

/** `kill -9`, and started again. */
async function killed({ stack }: Ground, name: string): Promise<void> {
  const back = await kill(stack.child(name));
  await back();
}

/** Bytes that nobody can decode are asked for once more, and are a dead letter again. They stay one. */
async function replayed(ground: Ground): Promise<void> {
  const orderId = await ground.place('SKU-001', 'tok_slow_1500');
  await ground.poison('payment.events', orderId);
  const isDead = `SELECT 1 FROM chassis.dead_letter WHERE encode(key, 'escape') = '${orderId}' AND status = 'DEAD'`;
  await within(
    10_000,
    () => ground.sql('inventory', isDead),
    (rows) => rows.length > 0,
  );
  const body = { filter: { key: orderId }, reason: 'Perhaps it can be read now.' };
  const { links } = (await ground.post('inventory', '/dead-letters/replays', body)) as { links: { self: string } };
  if (!(await finished(`${ground.stack.addresses.serviceUrl('inventory')}${links.self}`, 30_000)))
    throw new Error('The replay has not finished.');
}

async function sentTwice({ stack }: Ground): Promise<void> {
  for (const send of ['twice', 'poison']) {
    const answer = await fetch(`${stack.addresses.consoleUrl}/api/lab/${send}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    if (!answer.ok) throw new Error(`The lab does not send ${send}: ${await answer.text()}`);
  }
}
