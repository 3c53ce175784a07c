import { useQuery as useAnswer } from '@tanstack/react-query';
import type { AttentionView, DeadLettersView } from '../../../src/contract/work.ts';
import { Empty, get, LinkButton, Loading } from '../parts/index.ts';
import { Audit } from './audit.tsx';
import { RunningReplay } from './running-replay.tsx';

const SHOWN = 12;

/** The replays that somebody has started, newest first, each with what became of its letters. */
export function Replays({ view }: { readonly view: DeadLettersView }) {
  const asked = useAnswer({
    queryKey: ['attention'],
    queryFn: ({ signal }) => get<AttentionView>('/api/attention', signal),
    enabled: view.acts === undefined,
  });
  const acts = view.acts ?? asked.data?.acts;
  if (acts === undefined) return asked.isError ? <None /> : <Loading what="the replays" />;
  const replays = acts.filter(({ act }) => act === 'dead-letters.replay').slice(0, SHOWN);
  if (replays.length === 0) return <None />;
  return (
    <div className="pane dl-jobs">
      {replays.map(({ target, service }) => (
        <RunningReplay key={target} service={service} id={target} />
      ))}
      <Audit acts={acts} />
    </div>
  );
}

function None() {
  return (
    <div className="pane">
      <Empty
        title="No replay yet"
        text="A replay is started from a cause, or from one letter. It stands here with its progress and what became of each letter."
      >
        <LinkButton href="/dead-letters">What is open</LinkButton>
      </Empty>
    </div>
  );
}
