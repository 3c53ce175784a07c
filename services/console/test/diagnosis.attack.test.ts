import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SagaDetail } from '../src/contract/saga.ts';
import { FAULTS, type Fault } from './faults/faults.ts';
import { Ground, within } from './faults/ground.ts';

/** The promise: so soon the cause is told. */
const SHOWN_MS = 5_000;
const HEALED_MS = 60_000;
const WATCHED_MS = 5_000;

let ground: Ground;
beforeAll(async () => {
  ground = await Ground.open();
}, 240_000);
afterAll(() => ground?.close());

const codeOf = (saga: SagaDetail | undefined): string | null => saga?.diagnosis?.code ?? null;

async function told({ code, strike }: Fault): Promise<void> {
  const { orderId, heal, isListed = true } = await strike(ground);
  const seen = { whole: null as string | null, listed: null as string | null, after: 'not healed' as string | null };
  const begun = Date.now();
  try {
    seen.whole = codeOf(
      await within(
        SHOWN_MS,
        () => ground.saga(orderId),
        (saga) => codeOf(saga) === code,
      ),
    );
    const left = Math.max(0, SHOWN_MS - (Date.now() - begun));
    seen.listed = isListed
      ? await within(
          left,
          () => ground.listed(orderId),
          (listed) => listed === code,
        )
      : code;
  } finally {
    await heal();
  }
  seen.after = codeOf(
    await within(
      HEALED_MS,
      () => ground.saga(orderId),
      (saga) => saga !== undefined && codeOf(saga) === null,
    ),
  );
  expect(seen).toEqual({ whole: code, listed: code, after: null });
}

/** Whoever moves is not told to stand still, however often one looks. */
async function neverTold({ strike }: Fault): Promise<void> {
  const { orderId, heal } = await strike(ground);
  const codes = new Set<string | null>();
  try {
    await within(
      WATCHED_MS,
      async () => {
        const saga = await ground.saga(orderId);
        codes.add(codeOf(saga)).add(await ground.listed(orderId));
        return saga;
      },
      (saga) => saga?.state === 'done',
    );
  } finally {
    await heal();
  }
  expect([...codes]).toEqual([null]);
  expect((await ground.saga(orderId))?.state).toBe('done');
}

describe('A fault on the running stack', () => {
  it.each(FAULTS.map((fault) => [fault.what, fault.code ?? 'nothing', fault] as const))(
    '%s: %s is told within five seconds, and nothing when it is mended',
    (_, __, fault) => (fault.code === null ? neverTold(fault) : told(fault)),
    150_000,
  );
});
