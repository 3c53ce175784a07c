import { writeSync } from 'node:fs';

/** The moments at which a process can be told to die, and what has happened by then. Others are refused at start. */
export const FAILPOINTS = {
  'state-written': 'In the transaction, states are sent to be written; events, calls and answers are not.',
  'before-commit': 'Everything of a batch is written, and nothing is committed.',
  'after-commit': 'A batch is committed; nobody has been told: no client, no consumer, no call is started.',
  'before-call': 'A call to the outside is about to be made.',
  'after-call': 'The outside has answered a call; the answer is not committed.',
  'relay-before-publish': 'The relay has read committed rows of the outbox; the broker has none of them.',
  'relay-after-publish': 'The broker has them; nothing is acknowledged.',
  'relay-after-acknowledgement': 'The broker has them, and the slot (or the table, when polling) says so.',
  'relay-recovery':
    'A lost slot was made anew, and the outbox published again; the recovery is not marked as finished.',
  'consumer-handled': 'Records were handled and committed to the database; their offsets wait to be committed.',
  'consumer-committed': 'The broker has the offsets of handled records.',
  'replay-claimed': 'The replay worker holds the lease of a replay, and has handled none of its next messages.',
  'replay-handled': 'The replay worker has handled messages; their outcomes are committed, the replay is not finished.',
} as const;

export type Failpoint = keyof typeof FAILPOINTS;

const NAMES = Object.keys(FAILPOINTS);

/** What a setting may be: a name, or `<name>@<n>` for its nth hit. */
export const failpointPattern = new RegExp(`^(?:${NAMES.join('|')})(?:@[1-9]\\d{0,8})?$`);
export const failpointExpected = `must be one of ${NAMES.join(', ')}, with or without @<n> for the nth time`;

interface Armed {
  readonly name: string;
  hitsLeft: number;
  die(): void;
}

let armed: Armed | undefined;

/** Sets, or with undefined clears, the failpoint of this process. `setting` is one that `failpointPattern` allows. */
export function armFailpoint(setting: string | undefined, die = killed): void {
  const [name = '', hit = '1'] = setting?.split('@') ?? [];
  armed = name === '' ? undefined : { name, hitsLeft: Number(hit), die: () => die(name) };
}

/** Ends this process here, with SIGKILL, if FAILPOINT says so. Costs nothing otherwise. */
export function failpoint(name: Failpoint): void {
  if (armed === undefined || armed.name !== name) return;
  armed.hitsLeft -= 1;
  if (armed.hitsLeft === 0) armed.die();
}

/** The sentence is on its way before the process is gone: nothing else of it is. */
function killed(name: string): void {
  writeSync(2, `failpoint ${name}: this process ends itself\n`);
  process.kill(process.pid, 'SIGKILL');
}
