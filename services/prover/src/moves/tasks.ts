import type { Participant, Reply } from '../model/domain.ts';
import type { PendingTask } from '../model/message.ts';
import { EARLY, LATE, LATEST } from '../model/moments.ts';
import { type Change, copyOf, type From, type Handled, type Visit } from '../model/move.ts';
import type { OrderStates } from '../model/order-states.ts';
import type { Transactions } from '../model/transactions.ts';
import { comesAgain } from './deliveries.ts';
import type { Hearings } from './hearing.ts';

/** Each timer may go off now, and each call be answered now, in each way. */
export function tasks<Outside>(
  states: OrderStates<Outside>,
  hearings: Hearings<Outside>,
  transactions: Transactions<Outside>,
) {
  return async (from: From, visit: Visit): Promise<void> => {
    for (const service of states.services.keys()) {
      for (const task of states.partOf(from, service).tasks.values()) {
        if (task.task === 'timer') timer(from, service, task, visit);
        else await call(from, service, task, visit);
      }
    }
    await stragglers(from, visit);
  };

  function timer(from: From, service: number, task: PendingTask, visit: Visit): void {
    const { type, key, data } = task;
    const message = states.remembered(`timer ${states.numberOf(task)}`, () =>
      states.messages.idOf({ kind: 'timer', type, key, data }),
    );
    const isSilence = states.domain.isSilence(task, states.partOf(from, service).tasks);
    hearings.spending(from, isSilence ? 'silences' : undefined, (change) => {
      hearings.hear(from, change, { service, message, isOwn: true, now: LATE, says: 'is woken by' }, visit);
    });
  }

  async function call(from: From, service: number, task: PendingTask, visit: Visit): Promise<void> {
    const answers = states.answersTo(task, from.vector[states.outsideAt] as number);
    if (answers === undefined) {
      await ask(from, service, task, visit);
      return;
    }
    for (const { message, outside, label, uses } of answers) {
      const give = (change: Change, says: string): void => {
        change.vector[states.outsideAt] = outside;
        hearings.hear(from, change, { service, message, isOwn: false, says }, visit);
      };
      hearings.spending(from, uses, (change) => give(change, `gets the answer ${label} to`));
      if (uses !== undefined) continue;
      hearings.spending(from, 'again', (change) => {
        comesAgain(states, change, service, message);
        give(change, `gets the answer ${label}, and will once more, to`);
      });
    }
  }

  /** The orchestrator asks a participant: the request has its effect there; then its answer arrives, or is lost. */
  async function ask(from: From, service: number, task: PendingTask, visit: Visit): Promise<void> {
    const asked = copyOf(from);
    const before: Handled[] = [];
    const outcomes = await states.domain.ask(task, (name) => participant(asked, name, before));
    if (asked.vector.some((id, at) => id !== from.vector[at])) {
      const label = () => `${task.type} has its effect, and its answer is lost`;
      hearings.visit(copyOf(asked), visit, { isOwn: false, isAct: false, label, handles: before });
    }
    for (const outcome of outcomes) {
      const { kind } = outcome as { readonly kind: string };
      const message = states.answerTo(task, outcome);
      const answer = { service, message, isOwn: false, says: `gets the answer ${kind} to`, before };
      hearings.hear(from, copyOf(asked), answer, visit);
      // What takes too long is given up by the one that waits, and not by its clock alone.
      if (kind !== 'waiting') continue;
      hearings.spending(asked, 'silences', (change) => hearings.hear(from, change, { ...answer, now: LATEST }, visit));
    }
    const silence = states.answerTo(task, states.domain.unanswered(task));
    hearings.spending(from, 'silences', (change) => {
      hearings.hear(from, change, { service, message: silence, isOwn: true, says: 'has no answer to' }, visit);
    });
  }

  async function stragglers(from: From, visit: Visit): Promise<void> {
    for (const [at, task] of states.extraOf(from).stragglers.entries()) {
      const change = copyOf(from);
      states.changeExtra(change, `arrived ${at}`, (extra) => {
        return { ...extra, stragglers: extra.stragglers.toSpliced(at, 1) };
      });
      const handles: Handled[] = [];
      await states.domain.ask(task, (name) => participant(change, name, handles));
      const label = () => `${task.type} arrives, which the orchestrator has given up`;
      hearings.visit(change, visit, { isOwn: false, isAct: true, label, handles });
    }
  }

  /** @param handled takes the commands that it carries out */
  function participant(change: Change, name: string, handled: Handled[]): Participant {
    const service = states.indexOf(name);
    const look = (): Reply => states.domain.shown(name, states.partOf(change, service).rows);
    return {
      get: look,
      post(path, body, key) {
        const claim = `${path} ${key}`;
        const before = states.partOf(change, service).kept.get(claim);
        if (before !== undefined) return before as Reply;
        const command = states.remembered(`${path} ${JSON.stringify(body)}`, () =>
          states.messages.idOf(states.domain.commandOf(path, body)),
        );
        const reacted = transactions.carryOut(change, service, command, EARLY);
        if (reacted.kind === 'broken') throw new Error(`${name} broke on ${path}: ${reacted.reason}`);
        if (reacted.kind === 'rejected') return { status: 409, body: { code: reacted.code, detail: reacted.detail } };
        handled.push({ service: name, message: states.messages.valueOf(command), at: EARLY });
        const reply = look();
        const part = change.vector[service] as number;
        const kept = states.domain.kept(name, reply);
        change.vector[service] = states.remembered(`${name} ${part} keeps ${claim} ${JSON.stringify(kept)}`, () =>
          states.service(service).keeping(part, claim, kept),
        );
        return reply;
      },
    };
  }
}
