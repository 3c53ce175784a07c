import { useQuery as useAnswer } from '@tanstack/react-query';
import type { DeadLettersView, ReplayView } from '../../../src/contract/work.ts';
import { Empty, Failed, get, LinkButton, Loading } from '../parts/index.ts';
import { Audit } from './audit.tsx';
import { Job } from './running-replay.tsx';

const SHOWN = 20;

/** The replays that somebody has started, newest first, each with what became of its letters. */
export function Replays({ view }: { readonly view: DeadLettersView }) {
  const asked = useAnswer({
    queryKey: ['replays'],
    queryFn: ({ signal }) => get<{ readonly items: readonly ReplayView[] }>('/api/replays', signal),
    refetchInterval: 1_000,
  });
  if (asked.data === undefined)
    return asked.isError ? (
      <Failed error={asked.error} onRetry={() => void asked.refetch()} />
    ) : (
      <Loading what="the replays" />
    );
  if (asked.data.items.length === 0) return <None />;
  return (
    <div className="pane dl-jobs">
      {asked.data.items.slice(0, SHOWN).map((replay) => (
        <Job key={replay.id} replay={replay} />
      ))}
      <Audit acts={view.acts} />
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
