import type { CallContext, Port } from '../ports/port.ts';
import { Refused } from '../rules/refused.ts';

/** What one attempt of a call comes to, as the runtime makes it: also of a refusal. Rejects when there was no answer. */
export async function outcomeOf<Request, Outcome>(
  port: Port<Request, Outcome>,
  request: Request,
  context: CallContext,
): Promise<Outcome> {
  const answer = await port.perform(request, context);
  return answer instanceof Refused ? port.refused(answer, { attempts: context.attempt }) : answer;
}
