import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

/** What is told of a saga. */
interface Told {
  readonly code: string | null;
  readonly state: string | null;
}
/** By its own page, and by its row in the list. */
interface Twice {
  readonly whole: Told;
  readonly listed: Told;
}

async function look(orderId: string): Promise<Twice> {
  const [saga, row] = await Promise.all([ground.saga(orderId), ground.listed(orderId)]);
  return {
    whole: { code: saga?.diagnosis?.code ?? null, state: saga?.state ?? null },
    listed: { code: row?.code ?? null, state: row?.state ?? null },
  };
}

const agree = ({ whole, listed }: Twice, code: string | null): boolean =>
  whole.state !== null && whole.code === code && listed.code === code && whole.state === listed.state;

async function told({ code, strike }: Fault): Promise<void> {
  const { orderId, heal } = await strike(ground);
  const lookAtIt = () => look(orderId);
  let struck: Twice;
  try {
    struck = await within(SHOWN_MS, lookAtIt, (seen) => agree(seen, code));
  } finally {
    await heal();
  }
  const healed = await within(HEALED_MS, lookAtIt, (seen) => agree(seen, null));
  expect([struck.whole.code, struck.listed]).toEqual([code, struck.whole]);
  expect([healed.whole.code, healed.listed]).toEqual([null, healed.whole]);
}

/** Whoever moves is not told to stand still, however often one looks. */
async function neverTold({ strike }: Fault): Promise<void> {
  const { orderId, heal } = await strike(ground);
  const codes = new Set<string | null>();
  let last: Twice;
  try {
    last = await within(
      WATCHED_MS,
      async () => {
        const seen = await look(orderId);
        codes.add(seen.whole.code).add(seen.listed.code);
        return seen;
      },
      ({ whole, listed }) => whole.state === 'done' && listed.state === 'done',
    );
  } finally {
    await heal();
  }
  expect([...codes]).toEqual([null]);
  expect([last.whole.state, last.listed.state]).toEqual(['done', 'done']);
}

describe('A fault on the running stack', () => {
  it.each(FAULTS.map((fault) => [fault.what, fault.code ?? 'nothing', fault] as const))(
    '%s: %s is told within five seconds by its page and in the list, and nothing when it is mended',
    (_, __, fault) => (fault.code === null ? neverTold(fault) : told(fault)),
    150_000,
  );
});
