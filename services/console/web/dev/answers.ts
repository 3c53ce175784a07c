import type { Diagnosis } from '../../src/contract/diagnosis.ts';
import type { Cause, Overview, SagaPage, SagaRow, StepState, TrailMark } from '../../src/contract/saga.ts';
import type { LabView, StoryView } from '../../src/contract/work.ts';

/** The night of the mock-ups: inventory stopped. Its numbers are made up; its ages count from when it is asked for. */
export const overview = (tick: number): Overview => {
  const causes = night();
  const counter = (count: number, note: string, shape: number) => ({ count, note, bars: bars(count, shape) });
  return {
    now: ago(0),
    causes,
    counters: {
      stuck: counter(234 + (tick % 7), '+32 in the last minute', 0.2),
      person: counter(9, 'oldest since 01:51', 1),
      moving: counter(341 + ((tick * 13) % 29), '12.1 new a second', 0.5),
      turningBack: counter(62, 'oldest 3.1 s', 0.2),
      cancelled: counter(2118 + tick, 'last hour', 0.9),
      confirmed: counter(40_377 + tick * 9, 'last hour', 1),
    },
    nav: { deadLetters: 47, attention: 9, services: 3 },
    reading: { behind: 0, newestAt: ago(0.3), perSecond: 62, rebuilding: null },
  };
};

export function page(query: URLSearchParams): SagaPage {
  const rows = all();
  const matching = rows.filter((row) => matches(row, query));
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  return {
    items: matching.slice(from, from + limit),
    nextCursor: from + limit < matching.length ? String(from + limit) : null,
    total: matching.length,
    without: matching.length === 0 ? countsWithout(query) : {},
  };
}

/** How many there would be without each filter. */
const countsWithout = (query: URLSearchParams): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...query.keys()]
      .filter((name) => !['cursor', 'limit', 'state'].includes(name))
      .map((name) => {
        const rest = new URLSearchParams(query);
        rest.delete(name);
        return [name, all().filter((row) => matches(row, rest)).length];
      }),
  );

function matches(row: SagaRow, query: URLSearchParams): boolean {
  const state = query.get('state');
  if (state !== null && !state.split(',').includes(row.state)) return false;
  const cause = query.get('cause');
  if (cause !== null && row.causeKey !== cause) return false;
  const style = query.get('style');
  if (style !== null && row.style !== style) return false;
  const outcome = query.get('outcome');
  if (outcome !== null && row.outcome !== outcome) return false;
  const q = query.get('q');
  return q === null || row.orderId.includes(q) || row.customerId === q || row.items.some(({ sku }) => sku === q);
}

/** Made once: four thousand rows for each request would keep a test's own process busy. */
let made: readonly SagaRow[] | undefined;
const all = (): readonly SagaRow[] => {
  made ??= everything();
  return made;
};

const everything = (): readonly SagaRow[] => [
  ...night().flatMap(({ first, count, diagnosis, key }) => [
    ...first,
    ...Array.from({ length: count - first.length }, (_, at) =>
      stuck(`${key}${at}`, { ...first[0], causeKey: key, code: diagnosis.code, since: ago(38 - (at % 38)) } as SagaRow),
    ),
  ]),
  ...moving(),
  ...ended(),
];

const THERE = ['order', 'payment', 'inventory', 'shipping', 'order'] as const;
const trail = (...states: StepState[]): readonly TrailMark[] =>
  THERE.slice(0, states.length).map((service, at) => ({ service, state: states[at] as StepState }));
const waits = trail('done', 'done', 'overdue', 'expected', 'expected');

function stuck(seed: string, change: Partial<SagaRow>): SagaRow {
  const id = idOf(seed);
  return {
    orderId: id,
    style: 'choreographed',
    state: 'stuck',
    outcome: null,
    customerId: `c-${(Number.parseInt(id.slice(0, 4), 16) % 4000) + 100}`,
    total: { amount: 4299, currency: 'USD' },
    items: [{ sku: 'SKU-014', quantity: 1 }],
    placedAt: ago(60),
    endedAt: null,
    since: ago(48),
    there: waits,
    back: [],
    standsAt: 'cancels itself in **11.2 s**, refunds',
    turningBack: false,
    code: 'CONSUMER_AWAY',
    causeKey: 'CONSUMER_AWAY/inventory/PaymentCompleted',
    ...change,
    ...(change.orderId && { orderId: id }),
  };
}

function night(): readonly Cause[] {
  const refund = {
    there: trail('undone', 'done', 'undone', 'refused'),
    back: [
      { service: 'inventory', state: 'undo-done' },
      { service: 'payment', state: 'undo-failed' },
      { service: 'order', state: 'undo-expected' },
    ] as const,
    total: { amount: 6599, currency: 'USD' },
  };
  return [
    cause('CONSUMER_AWAY', 'alarm', 187, 1_608_000, {
      sentence:
        '**inventory** has not answered **PaymentCompleted** (30 s allowed): consumer group **inventory** is **1,204** messages behind',
      service: 'inventory',
      key: 'CONSUMER_AWAY/inventory/PaymentCompleted',
      action: ['Open inventory', '/services?open=inventory'],
      rows: [
        { since: ago(48.6) },
        {
          since: ago(42.2),
          total: { amount: 8598, currency: 'USD' },
          standsAt: 'cancels itself in **17.6 s**, refunds',
        },
        {
          since: ago(38.4),
          total: { amount: 12_897, currency: 'USD' },
          standsAt: 'cancels itself in **21.4 s**, refunds',
        },
      ],
    }),
    cause('BEHIND_DEAD_LETTER', 'alarm', 42, 478_800, {
      sentence:
        '**payment** cannot read **InventoryReleased** (AVRO_BROKEN): **44** dead letters, **11** events parked behind them',
      service: 'payment',
      key: 'BEHIND_DEAD_LETTER/payment/AVRO_BROKEN',
      action: ['Open dead letters', '/dead-letters/payment?code=AVRO_BROKEN'],
      rows: [
        { ...refund, since: ago(362), standsAt: 'its refund waits behind **…9fc7884**, **2** parked' },
        { ...refund, since: ago(357), standsAt: 'its refund waits behind **…4ab3e90**' },
      ],
    }),
    cause('CIRCUIT_OPEN', 'alarm', 5, null, {
      sentence: 'the circuit of the carrier is open: 10 bookings in a row had no answer',
      service: 'shipping',
      key: 'CIRCUIT_OPEN/shipping/carrier',
      action: ['Open shipping', '/services?open=shipping'],
      rows: [
        {
          since: ago(101),
          there: trail('done', 'done', 'done', 'overdue', 'expected'),
          standsAt: 'booking asked 4 times, last: no answer in 2 s',
        },
      ],
    }),
    cause('AWAITING_APPROVAL', 'caution', 7, 1_049_300, {
      sentence: 'awaiting approval: above the limit of $1,000',
      service: 'payment',
      key: 'AWAITING_APPROVAL/payment',
      action: ['Decide…', '/attention'],
      rows: [
        {
          since: ago(937),
          state: 'attention',
          style: 'orchestrated',
          there: trail('done', 'person', 'expected', 'expected', 'expected'),
          standsAt: 'since 01:58:12, times out in **44 min**',
          total: { amount: 149_900, currency: 'USD' },
        },
      ],
    }),
  ];
}

function cause(
  code: Diagnosis['code'],
  tone: Diagnosis['tone'],
  count: number,
  money: number | null,
  of: {
    readonly sentence: string;
    readonly service: string;
    readonly key: string;
    readonly action: readonly [string, string];
    readonly rows: readonly Partial<SagaRow>[];
  },
): Cause {
  const first = of.rows.map((row, at) => stuck(`${of.key}-${at}-first`, { code, causeKey: of.key, ...row }));
  const oldest = first[0]?.since ?? ago(0);
  return {
    key: of.key,
    count,
    money: money === null ? null : { amount: money, currency: 'USD' },
    oldest,
    first,
    diagnosis: {
      code,
      service: of.service,
      since: oldest,
      sentence: of.sentence,
      known: '',
      remedy: of.action[0],
      actions: [{ kind: 'link', label: of.action[0], href: of.action[1] }],
      causeKey: of.key,
      tone,
    },
  };
}

const moving = (): readonly SagaRow[] =>
  Array.from({ length: 341 }, (_, at) =>
    stuck(`moving${at}`, {
      state: 'running',
      code: null,
      causeKey: null,
      since: ago(0.1 + at * 0.2),
      placedAt: ago(0.1 + at * 0.2),
      ...(at % 3 === 0
        ? { there: trail('done', 'running', 'expected', 'expected', 'expected'), standsAt: '**payment** charges' }
        : at % 3 === 1
          ? {
              there: trail('done', 'done', 'expected', 'expected', 'expected'),
              standsAt: '**inventory** owes **InventoryReserved**, due in **21 s**',
            }
          : {
              turningBack: true,
              there: trail('undone', 'done', 'refused'),
              back: [
                { service: 'payment', state: 'undo-running' },
                { service: 'order', state: 'undo-expected' },
              ],
              standsAt: '**payment** gives the money back, its deadline has passed',
            }),
    }),
  );

const ended = (): readonly SagaRow[] =>
  Array.from({ length: 3000 }, (_, at) => {
    const confirmed = at % 3 !== 0;
    return stuck(`ended${at}`, {
      state: 'done',
      outcome: confirmed ? 'confirmed' : 'cancelled',
      style: at % 5 === 1 ? 'orchestrated' : 'choreographed',
      code: null,
      causeKey: null,
      placedAt: ago(40 + at),
      since: ago(39.3 + at),
      endedAt: ago(39.3 + at),
      standsAt: confirmed ? 'confirmed, TRK-4744FD6B4BED' : 'cancelled: “Sandbox Parcel does not carry SKU-100.”',
      there: confirmed ? trail('done', 'done', 'done', 'done', 'done') : trail('undone', 'undone', 'undone', 'refused'),
      back: confirmed
        ? []
        : [
            { service: 'inventory', state: 'undo-done' },
            { service: 'payment', state: 'undo-done' },
            { service: 'order', state: 'undo-done' },
          ],
    });
  });

export const stories: readonly StoryView[] = [
  story('happy', 'All goes well', '1 × SKU-001, tok_ok. Paid, reserved, shipped, confirmed.', ['SKU-001', 'tok_ok'], {
    there: trail('done', 'done', 'done', 'done', 'done'),
  }),
  story(
    'declined',
    'The card is declined',
    '1 × SKU-001, tok_declined. Ends before anything is taken.',
    ['SKU-001', 'tok_declined'],
    {
      there: trail('undone', 'refused'),
      back: [{ service: 'order', state: 'undo-done' }],
    },
  ),
  story('stock', 'Out of stock', '1 × SKU-099, tok_ok. The money goes back.', ['SKU-099', 'tok_ok'], {
    there: trail('undone', 'undone', 'refused'),
    back: [
      { service: 'payment', state: 'undo-done' },
      { service: 'order', state: 'undo-done' },
    ],
  }),
  story('carrier', 'The carrier refuses', '1 × SKU-100, tok_ok. Stock and money go back.', ['SKU-100', 'tok_ok'], {
    there: trail('undone', 'undone', 'undone', 'refused'),
    back: [
      { service: 'inventory', state: 'undo-done' },
      { service: 'payment', state: 'undo-done' },
      { service: 'order', state: 'undo-done' },
    ],
  }),
  story('approval', 'A person must approve', '1 × SKU-098, $1,499.00. You decide.', ['SKU-098', 'tok_ok'], {
    there: trail('done', 'person', 'expected', 'expected', 'expected'),
  }),
  story(
    'refund',
    'The refund fails',
    '1 × SKU-099, tok_refund_fails. Refused twice, then it works.',
    ['SKU-099', 'tok_refund_fails'],
    {
      there: trail('undone', 'done', 'refused'),
      back: [
        { service: 'payment', state: 'undo-failed' },
        { service: 'order', state: 'undo-expected' },
      ],
    },
  ),
];

function story(
  id: string,
  title: string,
  text: string,
  [sku, paymentToken]: readonly [string, string],
  trails: Pick<StoryView, 'there'> & Partial<Pick<StoryView, 'back'>>,
): StoryView {
  return { id, title, text, back: [], body: { items: [{ sku, quantity: 1 }], paymentToken }, ...trails };
}

export const lab: LabView = {
  available: true,
  switches: [
    ...['order', 'payment', 'inventory', 'shipping', 'notification'].map((service) => ({
      id: `stop-${service}`,
      group: 'Stop a service' as const,
      title: service,
      text: '',
      service,
      on: false,
    })),
    {
      id: 'relay',
      group: 'Hold something up',
      title: 'Pause order’s relay',
      text: 'events stay in its outbox',
      service: 'order',
      on: false,
    },
    {
      id: 'provider',
      group: 'Hold something up',
      title: 'Payment provider away',
      text: 'calls wait, the circuit opens',
      service: null,
      on: false,
    },
    {
      id: 'carrier',
      group: 'Hold something up',
      title: 'Carrier answers in 2 s',
      text: 'shows where time goes',
      service: null,
      on: false,
    },
  ],
  sends: [
    {
      id: 'poison',
      title: 'Poison message',
      text: 'bytes that are no event: a dead letter, and what parks behind it',
      label: 'Send to order.events',
    },
    { id: 'twice', title: 'The same event twice', text: 'the inbox drops the second', label: 'Send' },
  ],
};

function idOf(seed: string): string {
  let hash = 2166136261;
  let text = '';
  for (let round = 0; round < 4; round += 1) {
    for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
    text += hash.toString(16).padStart(8, '0');
  }
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    `4${text.slice(13, 16)}`,
    `a${text.slice(17, 20)}`,
    text.slice(20, 32),
  ].join('-');
}

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
const bars = (count: number, shape: number): readonly number[] =>
  Array.from({ length: 30 }, (_, at) =>
    Math.round((count / 30) * (shape + (1 - shape) * (at / 29) ** 6 + (at % 5) * 0.05)),
  );
