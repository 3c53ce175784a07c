import { describe, expect, it } from '@jest/globals';
import { PaymentCompleted } from '@troupe/schemas';
import fc from 'fast-check';
import { id as idOfRequest } from '../../src/http/input/fields.ts';
import { intake } from '../../src/incoming/intake.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { decided } from '../../src/rules/decision.ts';
import { isId, oneSpellingOf } from '../../src/rules/id-spelling.ts';
import { on } from '../../src/rules/reactions.ts';
import type { Log } from '../../src/telemetry/log.ts';

/** As they are made, of every version and of none. */
const anyId = fc.oneof(
  fc.uuid(),
  fc.uuid({ version: 7 }),
  fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
);
const inMixedCase = (id: string) => fc.mixedCase(fc.constant(id)).filter((mixed) => mixed !== id);
/** An id and another way to write it, in any mix of cases. */
const anySpelling = anyId
  .filter((id) => /[a-f]/.test(id))
  .chain((id) => inMixedCase(id).map((mixed) => ({ id, mixed, bare: mixed.replaceAll('-', '') })))
  .chain(({ id, mixed, bare }) => {
    const urn = fc.mixedCase(fc.constant('urn:uuid:')).map((scheme) => scheme + mixed);
    return fc.record({ id: fc.constant(id), spelled: fc.oneof(fc.constantFrom(mixed, `{${mixed}}`, bare), urn) });
  });

const table = { reactions: [on(PaymentCompleted, { react: (_event, state: undefined) => decided(state) })] };
const log = { warn: () => undefined } as unknown as Log;

/** What the intake makes of an event whose key, value and id are written so. */
async function taken(written: { readonly key: string; readonly orderId: string; readonly id: string }) {
  const codec = {
    learn: async () => undefined,
    decode: () => ({ type: PaymentCompleted, data: { orderId: written.orderId } }) as never,
  };
  const headers = { ce_id: written.id, ce_type: PaymentCompleted.fullName };
  const place = { topic: 'payment.events', partition: 0, offset: '0', timestampMs: 0 };
  const record = { ...place, key: Buffer.from(written.key), value: Buffer.alloc(5), headers };
  const [message] = await intake({ table, codec, readiness: new Readiness(), log })([record]);
  return message;
}

describe('an id', () => {
  it('in its one spelling is taken from a topic, and in no other: whatever mix of cases and forms it is in', async () => {
    await fc.assert(
      fc.asyncProperty(anySpelling, async ({ id, spelled }) => {
        expect(await taken({ key: id, orderId: id, id })).toMatchObject({ kind: 'event', id, key: id });
        for (const odd of [
          { key: spelled },
          { orderId: spelled },
          { id: spelled },
          { key: spelled, orderId: spelled },
        ]) {
          const poison = await taken({ key: id, orderId: id, id, ...odd });
          expect(poison).toMatchObject({ kind: 'poison', code: 'ID_SPELLING', reason: expect.stringContaining(id) });
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('comes out of a request in its one spelling, whatever its case was', () => {
    fc.assert(
      fc.property(
        anyId.chain((id) => fc.record({ id: fc.constant(id), sent: fc.mixedCase(fc.constant(id)) })),
        ({ id, sent }) => expect(idOfRequest.parse(sent)).toBe(id),
      ),
      { numRuns: 1_000 },
    );
  });

  it('is nothing else: every text is the one spelling of an id, another one of it, or none', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[{]?[0-9a-fA-F-]{30,40}[}]?$/),
      anySpelling.map(({ spelled }) => spelled),
    );
    fc.assert(
      fc.property(odd, (text) => {
        const id = oneSpellingOf(text);
        if (id !== undefined) expect([isId(id), oneSpellingOf(id)]).toEqual([true, id]);
        if (isId(text)) expect(id).toBe(text);
        if (idOfRequest.safeParse(text).success) expect(id).toBe(idOfRequest.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
