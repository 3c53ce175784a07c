import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeadLetterCause, DeadLetterPage, OperatorActView, ReplayView } from '../../../src/contract/work.ts';
import {
  Button,
  count,
  counted,
  Failed,
  get,
  Loading,
  Moment,
  openDialog,
  post,
  Strip,
  sentenceOf,
  useQuery,
} from '../parts/index.ts';
import { Audit } from './audit.tsx';
import { Discard } from './discard.tsx';
import { DryRun } from './dry-run.tsx';
import { LetterTable } from './letter-table.tsx';
import { Replay, type Selection } from './replay.tsx';
import { RunningReplay } from './running-replay.tsx';
import { filterOf } from './words.ts';

const OPEN = 'DEAD,QUARANTINED';

/** The letters of one cause, and what can be done to them: a dry run before everything. */
export function Letters(props: { readonly cause: DeadLetterCause; readonly acts: readonly OperatorActView[] }) {
  const { cause, acts } = props;
  const [query, setQuery] = useQuery();
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [dry, setDry] = useState<ReplayView | null>(null);
  const [trying, setTrying] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const pages = useLetters(cause);
  const letters = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const many = chosen?.size ?? cause.count;
  const selection: Selection = {
    service: cause.service,
    many,
    body: chosen === null ? { filter: filterOf(cause) } : { ids: [...chosen] },
    quarantined: cause.quarantined > 0,
  };
  const tryOut = async () => {
    setTrying(true);
    setFailure(null);
    const body = { ...selection.body, dryRun: true, ...(selection.quarantined && { includeQuarantined: true }) };
    await post<ReplayView>(`/api/dead-letters/${cause.service}/replays`, body)
      .then(setDry)
      .catch((error: unknown) => setFailure(sentenceOf(error)));
    setTrying(false);
  };
  const replay = () =>
    openDialog((close) => (
      <Replay selection={selection} onStarted={(id) => setQuery({ replay: id, cause: cause.key })} onClose={close} />
    ));
  const ids = chosen === null ? letters.map(({ id }) => id) : [...chosen];
  const discard = () =>
    openDialog((close) => <Discard service={cause.service} ids={ids} left={many - ids.length} onClose={close} />);
  const running = query.get('replay');
  return (
    <section className="dl-letters" aria-label="Letters">
      <header className="dl-h">
        <h2>
          <span className="mono">{cause.code}</span> at {cause.service}
        </h2>
        <p className="tx2">
          {counted(cause.count, 'letter')} of {cause.topic} since <Moment at={cause.firstAt} />, the last at{' '}
          <Moment at={cause.lastAt} />.
          {cause.parked > 0 && ` ${counted(cause.parked, 'later event')} of the same orders parked behind, in order.`}
        </p>
      </header>
      <div className="dl-act">
        <label className="all">
          <input
            type="checkbox"
            checked={chosen === null}
            onChange={(event) => setChosen(event.target.checked ? null : new Set())}
          />
          {chosen === null ? `All ${count(cause.count)} by this filter` : `${count(chosen.size)} chosen`}
        </label>
        <span className="spacer" />
        <Button icon="eye" disabled={trying || many === 0} onClick={() => void tryOut()}>
          {trying ? 'Trying…' : 'Dry run'}
        </Button>
        <Button icon="redo" look="primary" disabled={many === 0} onClick={replay}>
          {`Replay ${count(many)}…`}
        </Button>
        <Button icon="trash" look="danger" disabled={many === 0} onClick={discard}>
          {`Discard ${count(many)}…`}
        </Button>
      </div>
      {failure !== null && (
        <div className="dl-pad" role="alert">
          <Strip tone="alarm" mark="away">
            {failure}
          </Strip>
        </div>
      )}
      {dry && <DryRun replay={dry} parked={cause.parked} />}
      {running !== null && <RunningReplay service={cause.service} id={running} />}
      {pages.isPending && <Loading what="the letters" />}
      {pages.isError && <Failed error={pages.error} onRetry={() => void pages.refetch()} />}
      {letters.length > 0 && (
        <LetterTable
          letters={letters}
          outcomes={new Map(dry?.items.map((item) => [item.id, item]))}
          isChosen={(id) => chosen?.has(id) ?? true}
          onChoose={(id, on) => setChosen(changed(chosen ?? new Set(letters.map((letter) => letter.id)), id, on))}
          more={pages.hasNextPage ? Math.max(cause.count - letters.length, 1) : 0}
          onMore={() => void pages.fetchNextPage()}
        />
      )}
      <Audit acts={acts} service={cause.service} />
    </section>
  );
}

function useLetters({ service, code, topic, eventType }: DeadLetterCause) {
  return useInfiniteQuery({
    queryKey: ['dead-letters', service, code, topic, eventType],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ code, topic, status: OPEN });
      if (eventType !== null) query.set('type', eventType);
      if (pageParam !== '') query.set('cursor', pageParam);
      return get<DeadLetterPage>(`/api/dead-letters/${encodeURIComponent(service)}?${query}`, signal);
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: 5_000,
  });
}

function changed(set: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
