import { z } from 'zod';
import { id } from '../../http/input/id.ts';
import { text } from '../../http/input/text.ts';
import { act, type Route } from '../../http/route.ts';
import { discard } from '../../tables/dead-letters/discards.ts';
import { findDeadLetter } from '../../tables/dead-letters/queries.ts';
import { candidates } from '../../tables/dead-letters/replays.ts';
import type { OperatorParts } from './parts.ts';
import { deadLetterUnknown, notDiscardable, refused } from './problems.ts';
import { deadLetterView, viewOfDeadLetter } from './views.ts';

export function discardRoute({ wake }: OperatorParts): Route<never> {
  return act('/dead-letters/:id/discard', {
    summary: 'Decide that a message never takes effect; what waits behind it goes on',
    params: z.object({ id }),
    body: z.strictObject({ reason: text(500).describe('Why; whoever asks later reads it.') }),
    response: deadLetterView,
    async act(tx, { params: { id }, body: { reason }, operator }) {
      const [deadLetter] = await candidates(tx, [id], true);
      if (deadLetter === undefined) throw deadLetterUnknown(id);
      const refusal = notDiscardable(deadLetter);
      if (refusal !== undefined) throw refused(refusal);
      await discard(tx, id, `discarded by ${operator}: ${reason}`);
      const discarded = await findDeadLetter(tx, id);
      if (discarded === undefined) throw deadLetterUnknown(id);
      const { topic, partition, offset, event_type: eventType, error_code: code } = discarded;
      const detail = { topic, partition, offset, eventType, code };
      return {
        answer: { status: 200, body: viewOfDeadLetter(discarded) },
        acts: [{ act: 'dead-letters.discard', target: id, reason, detail }],
        committed: wake,
      };
    },
  });
}
