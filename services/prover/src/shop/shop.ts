import { type CallContext, Refused, remoteStepsOf, SagaClock, type StepAnswer } from '@troupe/chassis';
import type { AnyTable } from '@troupe/chassis/internal';
import { stepRefused } from '@troupe/chassis/internal';
import { orderSagas, performersOf } from '@troupe/order';
import { HAS_ORCHESTRATOR } from '@troupe/shop';
import {
  APPROVAL_LIMIT,
  answerOf,
  commandFor,
  commandOf,
  placeOrderCommand,
  SCARCE,
  type UserAction,
  viewOf,
} from '@troupe/simulation/shop';
import type { Act, Budget, Domain, Participant } from '../model/domain.ts';
import type { Message, PendingTask } from '../model/message.ts';
import { ORDER } from './order.ts';
import { answersOf, NOTHING_DONE, type Outside } from './outside.ts';
import { wireOf } from './wire.ts';

const CUSTOMER = 'customer';

/** One order, from its placement on. */
export interface Placed {
  readonly style: 'choreographed' | 'orchestrated';
  /** Whether its amount is above the limit, so that a person has to approve it. */
  readonly needsApproval: boolean;
  /** Units of the product that it wants one of. */
  readonly stock: number;
  /** Whether notification takes part step by step, or handles all at once. */
  readonly notification: 'at once' | 'step by step';
}
type Row = Readonly<Record<string, unknown>>;
type Perform = (request: unknown, context: CallContext) => Promise<StepAnswer | Refused>;

/** The shop: the production tables, what customers, approvers and operators do, and how the outside answers. */
export async function shop(placed: Placed, tables: readonly AnyTable[]): Promise<Domain<Outside>> {
  const wire = await wireOf(tables);
  const { style, needsApproval, stock } = placed;
  return {
    tables,
    shared: new Map([['inventory', new Map([[`stock/${SCARCE}`, stockRow(stock)]])]]),
    isShared: (service, key) => service === 'inventory' && key.startsWith('stock/'),
    stored: (service, row) => (service === 'order' ? storedOrder(row as Row) : row),
    unheard: placed.notification === 'at once' ? ['notification'] : [],
    // A row of the choreographed style: an order that has an orchestrator never loses it.
    isForGood: (reason) => reason === HAS_ORCHESTRATOR,
    wire,
    begin: {
      label: 'the customer places the order',
      service: 'order',
      message: messageOf(
        placeOrderCommand({
          orderId: ORDER,
          customerId: CUSTOMER,
          items: [{ sku: SCARCE, quantity: 1 }],
          total: needsApproval ? APPROVAL_LIMIT + 1 : APPROVAL_LIMIT,
          orchestrated: style === 'orchestrated',
        }),
      ),
    },
    nothingDone: NOTHING_DONE,
    said: (outside, { type }) => (ONCE.has(type) ? { ...outside, said: [...outside.said, type].sort() } : outside),
    answers: answersOf,
    ask,
    // In the words of the orchestrator's own clock: which of the two gave the step up makes no difference.
    unanswered: ({ type }) => ({
      kind: 'unanswered',
      detail: `${STEPS.get(type)} had no answer in time.`,
      attempts: 0,
    }),
    isSilence: ({ type }, tasks) =>
      type === SagaClock.messageName && [...tasks.values()].some((task) => STEPS.has(task.type)),
    kept: (service, { status, body }) => ({ status, body: service === 'inventory' ? body : {} }),
    commandOf: (path, body) => messageOf(commandOf(path, body)),
    shown(service, rows) {
      const row = rows.get(service === 'inventory' ? `reservation/${ORDER}` : ORDER) as Row | undefined;
      return row === undefined ? { status: 404, body: { code: 'NOT_FOUND' } } : { status: 200, body: viewOf(row) };
    },
    acts: actsOf(placed),
  };
}

/** Events of which an order has one at most; how often the others were said does not matter. */
const ONCE = new Set([
  'OrderCreated',
  'OrderConfirmed',
  'OrderCancelled',
  'PaymentApprovalRequired',
  'PaymentCompleted',
  'PaymentFailed',
  'PaymentRefunded',
  'InventoryReserved',
  'InventoryFailed',
  'InventoryReleased',
  'ShipmentScheduled',
  'ShipmentFailed',
  'ShipmentCancelled',
]);

function stockRow(units: number): Row {
  return { kind: 'stock', sku: SCARCE, initial: units, restocked: 0, available: units, reserved: 0, shipped: 0 };
}

/** The stream of an order is history, which no rule reads: its state is folded from it. */
function storedOrder({ state, saga }: Row): Row {
  return { state, version: 0, pending: [], standingChanged: false, ...(saga !== undefined && { saga }) };
}

const messageOf = (command: { readonly type: string; readonly key: string; readonly data: unknown }): Message => ({
  kind: 'command',
  type: command.type,
  key: command.key,
  data: command.data,
});

function actsOf({ style, needsApproval }: Placed): readonly Act[] {
  const act = (label: string, action: UserAction, uses?: Budget): Act => {
    const { service, command } = commandFor(action, { orderId: ORDER, customerId: CUSTOMER });
    return { label, service, message: messageOf(command), ...(uses && { uses }) };
  };
  const saga = (label: string, type: string): Act => ({
    label,
    service: 'order',
    message: { kind: 'command', type, key: ORDER, data: { sagaId: ORDER, reason: 'By hand.' } },
    uses: 'operators',
  });
  return [
    act('the customer cancels the order', 'cancel', 'cancels'),
    ...(needsApproval
      ? [act('a person approves the payment', 'approve'), act('a person rejects the payment', 'reject')]
      : []),
    act('an operator retries the refund', 'retry the refund', 'operators'),
    act('an operator resolves the refund', 'resolve the refund', 'operators'),
    act('an operator retries the cancellation', 'retry the cancellation', 'operators'),
    act('an operator resolves the cancellation', 'resolve the cancellation', 'operators'),
    ...(style === 'orchestrated'
      ? [
          saga('an operator retries the saga', 'RetrySaga'),
          saga('an operator gives up the saga', 'CompensateSaga'),
          saga('an operator resolves the saga', 'ResolveSaga'),
        ]
      : []),
  ];
}

/** The names of the steps, by the calls that do and undo them. */
const STEPS: ReadonlyMap<string, string> = new Map(
  orderSagas.all
    .flatMap(({ steps }) => steps)
    .flatMap((step) => remoteStepsOf([step]).map(({ call }) => [call.messageName, step.name] as const)),
);

/** Asks as the orchestrator does in production. A refusal behind an attempt without an answer is another outcome. */
async function ask(call: PendingTask, participants: (service: string) => Participant): Promise<readonly unknown[]> {
  const client = (name: string) => {
    const participant = participants(name);
    const reply = ({ status, body }: { status: number; body: Row }) => answerOf(status, body);
    return {
      post: async (path: string, body: Row, { idempotencyKey }: CallContext) =>
        reply(participant.post(path, body, idempotencyKey)),
      get: async (path: string) => reply(participant.get(path)),
    };
  };
  const clients = { payment: client('payment'), inventory: client('inventory'), shipping: client('shipping') };
  const [, perform] = performersOf(clients)[call.type as keyof ReturnType<typeof performersOf>];
  const context: CallContext = {
    idempotencyKey: `${call.type}/${call.key}`,
    causationId: call.key,
    depth: 1,
    attempt: 1,
    headers: {},
    signal: NO_SIGNAL,
  };
  const answer = await (perform as Perform)(call.data, context);
  if (answer instanceof Refused) return [1, 2].map((attempts) => stepRefused(answer, { attempts }));
  return [{ ...answer, attempts: 1 }];
}

const NO_SIGNAL = new AbortController().signal;
