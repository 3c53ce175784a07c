import { ROOT_CONTEXT } from '@opentelemetry/api';
import { OrderCreated, PaymentFailed } from '@troupe/schemas';
import type { UnitOfWorkParts } from '../../src/batch/unit-of-work/parts.ts';
import { unitOfWork } from '../../src/batch/unit-of-work/unit-of-work.ts';
import type { DeadLetter, IncomingCommand, IncomingEvent, IncomingTask, Poison } from '../../src/incoming/incoming.ts';
import { after, call, cancel, command, decided, ignored, on, reactions, rejected, timer } from '../../src/index.ts';
import { oneRow } from '../../src/rules/aggregate.ts';
import type { Sql } from '../../src/rules/database.ts';
import { DomainError } from '../../src/rules/failure.ts';
import type { OpenDeadLetter } from '../../src/tables/dead-letters/dead-letters.ts';
import type { KeptAnswer } from '../../src/tables/idempotency.ts';
import type { Store } from '../../src/tables/store.ts';

/** The smallest service that can do everything: an account for each order. `data.then` says what its rule comes to. */
export interface Account {
  readonly orderId: string;
  readonly heard: readonly string[];
}
interface Wish {
  readonly orderId: string;
  readonly then?:
    | 'nothing'
    | 'same'
    | 'refusal'
    | 'throw'
    | 'event'
    | 'event of a step'
    | 'call'
    | 'call later'
    | 'later'
    | 'at once'
    | 'withdraw'
    | 'undeclared';
}
const Pay = call<'Pay', { readonly orderId: string }, string>('Pay', ({ orderId }) => orderId);
const Later = timer('Later', ({ orderId }: { readonly orderId: string }) => orderId);
const RemoteStep = command('Ask', (wish: Wish) => wish.orderId);
const Begin = command('Begin', (wish: Wish) => wish.orderId);

function rule({ orderId, then }: Wish, account: Account | undefined, { id }: { readonly id: string }) {
  const next: Account = { orderId, heard: [...(account?.heard ?? []), id] };
  const failed = PaymentFailed({ orderId, reason: 'DECLINED', detail: 'declined' });
  if (then === 'nothing') return ignored('nothing to do');
  if (then === 'refusal')
    return rejected(new DomainError({ code: 'NO', status: 409, title: 'No', detail: 'It is not allowed.' }));
  if (then === 'throw') throw new Error('It cannot be.');
  if (then === 'event of a step')
    return decided(next, { ...failed, cause: 'step-1' }, { ...Pay({ orderId }), cause: 'step-2' });
  if (then === 'event' || then === 'undeclared') return decided(next, failed);
  if (then === 'call') return decided(next, Pay({ orderId }));
  if (then === 'later') return decided(next, after(1_000, Later({ orderId })));
  if (then === 'at once') return decided(next, Later({ orderId }));
  if (then === 'call later') return decided(next, after(1_000, Pay({ orderId })));
  if (then === 'same') return decided(account);
  if (then === 'withdraw') return decided(next, cancel(Pay, orderId));
  return decided(next);
}
const row = { emits: [PaymentFailed], starts: [Pay, Later] };
// biome-ignore lint/suspicious/noExplicitAny: one rule for messages of every kind
const every = rule as any;
const table = reactions(
  oneRow<Account>('accounts', ({ orderId }) => orderId),
  [
    on(OrderCreated, { ...row, react: every }),
    on(RemoteStep, { ...row, react: every }),
    on(Begin, { ...row, begins: PaymentFailed, react: every }),
    on(Later, { react: every }),
    on(Pay, { ...row, react: ({ request }, account, context) => every(request, account, context) }),
  ],
);

/** A database that keeps what is written in the order in which it is written, and answers as a test wants it to. */
export class Ledger {
  readonly written: (readonly [statement: string, ...values: unknown[]])[] = [];
  readonly accounts = new Map<string, Account>();
  seenBefore = new Set<string>();
  imposters = new Set<string>();
  hasDeadLetters = false;
  pending = new Set<string>();
  answers = new Map<string, KeptAnswer>();
  open: readonly OpenDeadLetter[] = [];
  knownBefore = new Set<string>();
  freeCalls = 1;
  #ids = 0;

  get statements(): readonly string[] {
    return this.written.map(([statement]) => statement);
  }

  valuesOf(statement: string): unknown {
    return this.written.find(([name]) => name === statement)?.[1];
  }

  get parts(): UnitOfWorkParts<Account, Account | undefined, Sql> {
    return {
      database: { $transaction: (work) => work({} as Sql) },
      table,
      repository: {
        load: async (_, keys) => {
          this.written.push(['load', keys]);
          return new Map([...this.accounts].filter(([key]) => keys.includes(key)));
        },
        save: async (_, rows) => void this.written.push(['save', new Map(rows)]),
      },
      encode: ({ data }) => Buffer.from(JSON.stringify(data)),
      callCapacity: () => {
        let left = this.freeCalls;
        return { take: () => left-- > 0 };
      },
      replayLimit: 3,
      eventDepthLimit: 5,
      store: this.#store(),
      environment: {
        now: () => new Date('2026-11-25T18:00:00.000Z'),
        newId: () => `id-${++this.#ids}`,
        uptimeMs: () => 0,
        random: () => 0,
        after: () => () => undefined,
        turn: () => Promise.resolve(),
      },
    };
  }

  handle(...incoming: Parameters<typeof unitOfWork>[0]) {
    return unitOfWork(incoming, this.parts);
  }

  #store(): Store {
    const write =
      (statement: string) =>
      async (_: unknown, ...values: unknown[]) =>
        void this.written.push([statement, ...values]);
    const known = {
      receive: async (_: unknown, events: readonly IncomingEvent[]) => {
        this.written.push(['receive', events.map(({ id }) => id)]);
        const fresh = new Set(events.map(({ id }) => id).filter((id) => !this.seenBefore.has(id)));
        return { fresh, imposters: this.imposters, hasDeadLetters: this.hasDeadLetters };
      },
      stillPending: async (_: unknown, tasks: readonly { id: string }[]) => {
        this.written.push(['stillPending', tasks]);
        return this.pending;
      },
      findAnswers: async (_: unknown, claims: readonly unknown[]) => {
        this.written.push(['findAnswers', claims]);
        return this.answers;
      },
      openDeadLetters: async (_: unknown, records: readonly unknown[]) => {
        this.written.push(['openDeadLetters', records]);
        return this.open;
      },
      addDeadLetters: async (_: unknown, deadLetters: readonly { id: string; record: { offset: string } }[]) => {
        this.written.push(['addDeadLetters', deadLetters]);
        return new Set(deadLetters.filter(({ record }) => !this.knownBefore.has(record.offset)).map(({ id }) => id));
      },
    };
    const writes = [
      'lockKeys',
      'recordIgnored',
      'forget',
      'append',
      'remove',
      'schedule',
      'settle',
      'publishDeadLetters',
    ];
    const answers = ['keepAnswers', 'recordActs', 'claim', 'release', 'findOpen', 'findReleasable'];
    const plain = [...writes, ...answers].map((name) => [name, write(name)]);
    return { ...Object.fromEntries(plain), ...known } as unknown as Store;
  }
}

let offset = 0;
const recordOf = (key: string, topic = 'order.events') => {
  offset += 1;
  const position = { topic, partition: 0, offset: String(offset), timestampMs: 0 };
  return { ...position, key: Buffer.from(key), value: Buffer.from('value'), headers: {} };
};
const about = (orderId: string) => ({
  key: orderId,
  causationId: `cause-${orderId}`,
  depth: 1,
  correlationId: orderId,
  parent: ROOT_CONTEXT,
});

export const event = (
  id: string,
  orderId = 'a',
  then: Wish['then'] = undefined,
  deadLetter?: DeadLetter,
): IncomingEvent => ({
  kind: 'event',
  id,
  type: 'OrderCreated',
  data: { orderId, then },
  payloadHash: Buffer.alloc(0),
  ...about(orderId),
  record: recordOf(orderId),
  ...(deadLetter && { deadLetter }),
});

export const poison = (orderId = 'a', deadLetter?: DeadLetter): Poison => ({
  kind: 'poison',
  code: 'AVRO_BROKEN',
  reason: 'No event at all.',
  record: recordOf(orderId),
  ...(deadLetter && { deadLetter }),
});

export const task = (
  kind: 'call' | 'timer',
  id: string,
  then: Wish['then'] = undefined,
  orderId = 'a',
): IncomingTask => ({
  kind,
  id,
  type: kind === 'call' ? 'Pay' : 'Later',
  ...about(orderId),
  data: kind === 'call' ? { request: { orderId, then }, outcome: 'paid' } : { orderId, then },
});

export const wish = (then: Wish['then'] = undefined, more: Partial<IncomingCommand> = {}): IncomingCommand => ({
  kind: 'command',
  type: 'Ask',
  data: { orderId: 'a', then },
  claim: undefined,
  ...about('a'),
  answer: (result) => ({ status: 202, body: result }),
  ...more,
});

export const deadLetter = (more: Partial<DeadLetter> = {}): DeadLetter => ({
  id: 'letter-1',
  position: 5,
  status: 'DEAD',
  replays: 0,
  ...more,
});
