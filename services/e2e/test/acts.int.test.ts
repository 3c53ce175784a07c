import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { uuidv7 } from '@troupe/chassis';
import type { IncomingCommand } from '@troupe/chassis/internal';
import { query } from '@troupe/chassis/testing';
import { paymentService } from '@troupe/payment';
import { OrderCreated } from '@troupe/schemas';
import { incoming, many, type Rig, rigOf } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await rigOf(paymentService, 'payment');
});
afterEach(() => rig.close());

const acts = () =>
  query<{ target: string }>(rig.url, 'SELECT operator, act, target, reason FROM chassis.operator_act ORDER BY id');

/** A payment that awaits a person's word. */
async function awaiting(): Promise<string> {
  const orderId = uuidv7();
  const items = [{ sku: 'SKU-098', quantity: 1, unitPrice: 149_900 }];
  const order = { orderId, customerId: 'ada', items, amount: 149_900, currency: 'USD', paymentToken: 'tok_ok' };
  await rig.work([incoming(OrderCreated(order))]);
  return orderId;
}

/** That word, as the API takes it. */
function approval(orderId: string, claimed = false): IncomingCommand {
  const claim = { scope: 'demo', key: orderId, requestHash: Buffer.alloc(32) };
  return {
    kind: 'command',
    type: 'DecideApproval',
    key: orderId,
    data: { orderId, decision: 'approve' },
    causationId: uuidv7(),
    depth: 1,
    correlationId: orderId,
    parent: ROOT_CONTEXT,
    claim: claimed ? claim : undefined,
    act: { operator: 'grace', act: 'approval.approve', target: orderId, reason: 'Known for years.' },
    answer: () => ({ status: 200, body: {} }),
  };
}

describe('an act of a person', () => {
  it('is written down with who, what and why, together with its effect', async () => {
    const orderId = await awaiting();
    await rig.work([approval(orderId)]);
    expect(await acts()).toEqual([
      { operator: 'grace', act: 'approval.approve', target: orderId, reason: 'Known for years.' },
    ]);
  });

  it('is not written down when it was refused, and not again when its answer is given again', async () => {
    const orderId = await awaiting();
    const keyed = approval(orderId, true);
    const { outcomes } = await rig.work([keyed, approval(orderId), approval(uuidv7())]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'refused', 'refused']);
    expect((await rig.work([keyed])).outcomes).toMatchObject([{ kind: 'answered', replayed: true }]);
    expect((await acts()).map(({ target }) => target)).toEqual([orderId]);
  });

  it('costs one statement, however many there are in a batch', async () => {
    const ids = await Promise.all(many(20, awaiting));
    rig.statements();
    await rig.work(ids.map((orderId) => approval(orderId)));
    expect(rig.statements().filter((text) => text.includes('INSERT INTO chassis.operator_act'))).toHaveLength(1);
    expect((await acts()).map(({ target }) => target).sort()).toEqual([...ids].sort());
  });
});
