import { useQuery as useAnswer } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ReplayView } from '../../../src/contract/work.ts';
import { count, counted, figureOf, get, Mark, queries, Strip, sentenceOf, serverNow } from '../parts/index.ts';
import { OutcomeBar } from './outcome-bar.tsx';
import { outcomeWords } from './words.ts';

/** A replay with its progress: it is a job of the service, and goes on whether or not anybody looks. */
export function RunningReplay({ service, id }: { readonly service: string; readonly id: string }) {
  const asked = useAnswer({
    queryKey: ['replay', service, id],
    queryFn: ({ signal }) =>
      get<ReplayView>(`/api/dead-letters/${encodeURIComponent(service)}/replays/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state }) => (state.data?.status === 'FINISHED' ? false : 500),
  });
  const replay = asked.data;
  const finished = replay?.status === 'FINISHED';
  useEffect(() => {
    if (finished) void queries.invalidateQueries({ queryKey: ['dead-letters'] });
  }, [finished]);
  if (asked.isError && !replay)
    return (
      <div className="dl-pad">
        <Strip tone="alarm" mark="away">
          {sentenceOf(asked.error)}
        </Strip>
      </div>
    );
  return replay ? <Job replay={replay} /> : null;
}

export function Job({ replay }: { readonly replay: ReplayView }) {
  const { status, total, done, outcomes, startedAt, service, by, reason } = replay;
  const finished = status === 'FINISHED';
  const seconds = Math.max(0.5, (serverNow() - Date.parse(startedAt)) / 1000);
  const perSecond = done / seconds;
  return (
    <section className="job" aria-label="Replay">
      <p className="dry-h">
        <Mark kind={finished ? 'done' : 'running'} size={16} />
        <b>{`Replay of ${counted(total, 'letter')} at ${service}`}</b>
        <span className="tx3">
          {by !== null && `by ${by}`}
          {reason !== null && `, “${reason}”`}
        </span>
      </p>
      <OutcomeBar outcomes={outcomes} total={total} height={8} />
      <p className="job-k" role="status">
        <span>
          <b className="num">{count(done)}</b> of {count(total)}
          {finished
            ? ', finished'
            : perSecond > 0 &&
              `, ${Math.round(perSecond)} a second, ${figureOf(((total - done) / perSecond) * 1000)} left`}
        </span>
        {Object.entries(outcomes).map(([outcome, many]) => {
          const { one, tone } = outcomeWords(outcome);
          return (
            <span key={outcome} className={tone === 'bad' ? 'alarm-t' : ''}>
              <b className="num">{count(many)}</b> {tone === 'bad' ? 'came back' : one}
            </span>
          );
        })}
      </p>
    </section>
  );
}
