import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError, serviceNames, settingsFrom } from '@troupe/embedded';
import { createCodec } from '@troupe/schemas';
import { type FeedBatch, follow } from './feed/feed.ts';
import { runCommand } from './terminal/command.ts';
import { readOptions } from './terminal/options.ts';
import { Merge } from './watch/merge.ts';
import { originOf } from './watch/origin.ts';
import { type Seen, seen } from './watch/seen.ts';
import { type Showing, showLines, showSaga } from './watch/showing.ts';
import { waitingNotes } from './watch/waiting.ts';

const USAGE = `Usage: npm run watch -- [options]

Shows the events of all services as they happen, and dead letters, with decoded values: one line each.

  --order <id>        one order only, as a tree of causes with the times between, until the order is at its end;
                      the last 8 characters of the id, as the lines show them, are enough
  --from-beginning    begin with the oldest event that Kafka still has
  --once              show what is there and end (with --order or --from-beginning)
  --help              this text

Ctrl-C ends it. Other ports: TROUPE_KAFKA_PORT, TROUPE_REGISTRY_PORT. No colours: NO_COLOR=1.`;

/** Enough for the way out; what does not answer by then is not waited for. */
const LEAVE_MS = 1_500;

await runCommand(async () => {
  const {
    order,
    once: once_,
    'from-beginning': oldest,
  } = readOptions(USAGE, {
    order: { type: 'string' },
    once: { type: 'boolean', default: false },
    'from-beginning': { type: 'boolean', default: false },
  });
  const wanted = order === undefined ? undefined : orderFrom(order);
  if (once_ && wanted === undefined && !oldest)
    throw new StartError(['--once needs --order <id> or --from-beginning.']);
  await watch({ wanted, onlyPast: once_, oldest });
});

interface Wanted {
  readonly wanted: string | undefined;
  readonly onlyPast: boolean;
  readonly oldest: boolean;
}

async function watch({ wanted, onlyPast, oldest }: Wanted): Promise<void> {
  const { ports } = settingsFrom(process.env);
  const brokers = `127.0.0.1:${ports.kafka}`;
  const codec = createCodec({ registryUrl: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7` });
  const end = new AbortController();
  endsWith(end);
  const over = (): void => end.abort();
  const saga = wanted === undefined ? undefined : showSaga(process.stdout, { wanted, onlyPast, over });
  const showing: Showing = saga ?? showLines(process.stdout);
  let merge: Merge<Seen> | undefined;
  const pastIsShown = (): void => {
    showing.caughtUp();
    if (onlyPast) end.abort();
    else if (saga?.found === false) console.error(`No event of order ${wanted} yet; waiting for the first.`);
  };

  const following = follow({
    brokers,
    topics: serviceNames.flatMap((service) => [`${service}.events`, `${service}.dlq`]),
    from: originFrom(wanted, oldest),
    signal: end.signal,
    waiting: waitingNotes(brokers, (line) => console.error(line)),
    started(backlog) {
      merge = new Merge(backlog);
      if (backlog.length === 0) pastIsShown();
    },
    async take({ partition, records, caughtUp }: FeedBatch) {
      await codec.learn(records.flatMap(({ value, unreadable }) => (value === null || unreadable ? [] : [value])));
      const before = merge?.caughtUp;
      showing.show(
        merge?.push(
          partition,
          records.map((record) => seen(record, codec)),
          caughtUp,
        ) ?? [],
      );
      if (before === false && merge?.caughtUp) pastIsShown();
    },
  });

  if (!end.signal.aborted) await once(end.signal, 'abort');
  await Promise.race([following, sleep(LEAVE_MS)]);
  showing.close();
  if (onlyPast && saga?.found === false) {
    throw new StartError([`Kafka has no event of order ${wanted}. It keeps events for seven days; is the id right?`]);
  }
}

function originFrom(wanted: string | undefined, oldest: boolean): ReturnType<typeof originOf> {
  if (oldest) return 'oldest';
  return wanted === undefined ? 'now' : originOf(wanted);
}

function orderFrom(text: string): string {
  const id = text.trim().replace(/^…/, '').toLowerCase();
  if (/^[0-9a-f-]{6,36}$/.test(id)) return id;
  throw new StartError([`--order is ${JSON.stringify(text)}: give an order id, or at least its last 6 characters.`]);
}

/** Ctrl-C, and a reader that has gone (`npm run watch | head`), end the watching. */
function endsWith(end: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort());
  process.stdout.on('error', () => end.abort());
}
