import type { Choreography } from '@troupe/choreography/graph';
import { z } from 'zod';
import { ask, untraced } from '../../asking/json-page.ts';
import type { ServiceWatch } from '../../asking/service-watch.ts';
import type { LoggedStep, SagaLogView } from '../../contract/saga.ts';

const PATIENCE_MS = 1_500;
const moment = z.string().optional();
const detail = z.string().optional();

const compensation = z.object({
  id: z.string(),
  status: z.string(),
  attempts: z.number(),
  startedAt: moment,
  endedAt: moment,
  detail,
});
const step = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  attempts: z.number(),
  startedAt: moment,
  endedAt: moment,
  detail,
  compensation: compensation.optional(),
});
/** `GET /sagas/<id>` of an orchestrator, as far as the console shows it. */
const page = z.object({
  status: z.string(),
  cause: z.object({ code: z.string(), detail }).optional(),
  steps: z.array(step),
  asking: z.object({ call: z.string(), attempts: z.number(), lastError: z.string().nullable() }).optional(),
});

type Page = z.infer<typeof page>;

/** What an orchestrator has written down of a saga; null where it knows none, or does not answer. */
export async function sagaLog(
  services: readonly ServiceWatch[],
  map: Choreography,
  orderId: string,
): Promise<SagaLogView | null> {
  const orchestrator = map.sagas[0]?.service;
  const watch = services.find(({ service }) => service.name === orchestrator);
  if (watch === undefined || watch.seen.standing === 'away') return null;
  const heard = await ask(`${watch.service.url}/sagas/${orderId}`, { withinMs: PATIENCE_MS, headers: untraced() });
  if (heard.kind !== 'answer' || heard.status !== 200) return null;
  const read = page.safeParse(heard.body);
  return read.success ? viewOf(read.data, map) : null;
}

function viewOf({ status, cause, steps, asking }: Page, map: Choreography): SagaLogView {
  const declared = map.sagas.flatMap((saga) => saga.steps);
  const stepOf = (name: string) => declared.find((one) => one.name === name);
  const called = declared.find(
    ({ asks, compensation: undo }) => asking && [asks?.call, undo?.asks?.call].includes(asking.call),
  );
  return {
    status,
    cause: cause === undefined ? null : { code: cause.code, detail: cause.detail ?? null },
    asking:
      asking === undefined
        ? null
        : { step: called?.name ?? asking.call, attempts: asking.attempts, lastError: asking.lastError },
    steps: steps.map((one) => {
      const { asks, compensation: undo } = stepOf(one.name) ?? {};
      const undone = one.compensation;
      return {
        ...logged(one, one.name, asks?.service ?? null),
        compensation:
          undone === undefined ? null : logged(undone, undo?.name ?? `undo ${one.name}`, undo?.asks?.service ?? null),
      };
    }),
  };
}

type Line = z.infer<typeof compensation>;

const logged = (line: Line, name: string, service: string | null): Omit<LoggedStep, 'compensation'> => ({
  id: line.id,
  name,
  service,
  status: line.status,
  attempts: line.attempts,
  startedAt: line.startedAt ?? null,
  endedAt: line.endedAt ?? null,
  detail: line.detail ?? null,
});
