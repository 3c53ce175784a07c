import { useEffect, useEffectEvent, useState } from 'react';
import type { ReplayView } from '../../../src/contract/work.ts';
import { Confirm, count, counted, Loading, post, queries, Strip, sentenceOf } from '../parts/index.ts';
import { DryRun } from './dry-run.tsx';

/** What is replayed: some letters, or all of a filter. */
export interface Selection {
  readonly service: string;
  readonly many: number;
  readonly body: { readonly ids: readonly string[] } | { readonly filter: Readonly<Record<string, string>> };
  /** Some of them came back too often: they are replayed only when that is said. */
  readonly quarantined: boolean;
}

/** Asks before a replay, and shows first what it would come to. */
export function Replay(props: {
  readonly selection: Selection;
  readonly onStarted: (replayId: string) => void;
  readonly onClose: () => void;
}) {
  const { selection, onStarted, onClose } = props;
  const [dry, setDry] = useState<ReplayView | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const path = `/api/dead-letters/${encodeURIComponent(selection.service)}/replays`;
  const body = { ...selection.body, ...(selection.quarantined && { includeQuarantined: true }) };
  const tryOut = useEffectEvent(() => post<ReplayView>(path, { ...body, dryRun: true }));
  useEffect(() => {
    tryOut()
      .then(setDry)
      .catch((error: unknown) => setFailure(sentenceOf(error)));
  }, []);
  const bad = dry?.outcomes.dead ?? 0;
  return (
    <Confirm
      title={`Replay ${counted(selection.many, 'letter')} at ${selection.service}`}
      consequence="They are handled again, once: what took effect before is dropped by the inbox. What is parked behind them follows by itself, in order."
      label={`Replay ${count(selection.many)}`}
      needsReason
      wide
      ready={dry !== null || failure !== null}
      onConfirm={async ({ reason, operator }) => {
        const replay = await post<ReplayView>(path, { ...body, reason, operator });
        await queries.invalidateQueries({ queryKey: ['dead-letters'] });
        if (replay.id !== null) onStarted(replay.id);
        return null;
      }}
      onClose={onClose}
    >
      {dry === null && failure === null && <Loading what="the dry run" lines={3} />}
      {failure !== null && (
        <Strip tone="caution" mark="away">
          The dry run did not answer: {failure}
        </Strip>
      )}
      {dry && <DryRun replay={dry} parked={0} />}
      {bad > 0 && (
        <Strip tone="caution" mark="dead">
          {counted(bad, 'letter')} would fail again. Remove the cause first, or replay all the same: it comes back here.
        </Strip>
      )}
    </Confirm>
  );
}
