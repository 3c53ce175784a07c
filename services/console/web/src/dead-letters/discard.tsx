import { useState } from 'react';
import type { ActResult } from '../../../src/contract/work.ts';
import { Confirm, count, counted, Progress, post, queries, Strip } from '../parts/index.ts';

/** Decides that messages never take effect. Each is an act of its own at the service, so some may be refused. */
export function Discard(props: {
  readonly service: string;
  readonly ids: readonly string[];
  /** So many more of their cause are not shown, and stay. */
  readonly left?: number;
  readonly onClose: () => void;
}) {
  const { service, ids, left = 0, onClose } = props;
  const [done, setDone] = useState<number | null>(null);
  const discardAll = async (by: { readonly reason: string; readonly operator: string }): Promise<ActResult> => {
    const refused: ActResult[] = [];
    for (const [at, id] of ids.entries()) {
      setDone(at);
      const result = await post<ActResult>('/api/acts/discard-dead-letter', { params: { service, id }, ...by });
      if (!result.ok) refused.push(result);
    }
    setDone(ids.length);
    await queries.invalidateQueries({ queryKey: ['dead-letters'] });
    const [first] = refused;
    if (first === undefined)
      return {
        ok: true,
        code: null,
        sentence: `${counted(ids.length, 'letter')} discarded. What was parked behind goes on.`,
      };
    return { ...first, sentence: `${count(refused.length)} of ${count(ids.length)} were refused. ${first.sentence}` };
  };
  return (
    <Confirm
      title={`Discard ${counted(ids.length, 'letter')} at ${service}`}
      consequence="They never take effect, and no copy of them does. What waits behind them goes on. There is no way back: their producers must emit new events."
      label={`Discard ${count(ids.length)}`}
      danger
      needsReason
      onConfirm={discardAll}
      onClose={onClose}
    >
      {left > 0 && (
        <Strip tone="caution" mark="parked">
          These are the {count(ids.length)} letters that are shown; {count(left)} more of this cause stay. Show more of
          them to discard those as well.
        </Strip>
      )}
      {done !== null && <Progress done={done} of={ids.length} label={`${done} of ${ids.length} discarded`} />}
    </Confirm>
  );
}
