import { z } from 'zod';
import { bounded, id, moment, text } from '../../http/input/fields.ts';
import { type DeadLetterFilter, LONGEST_KEY } from '../../tables/dead-letters/queries.ts';
import type { Candidate } from '../../tables/dead-letters/replays.ts';
import { deadLetterUnknown, notReplayable, refused } from './problems.ts';

const DEFAULT_LIMIT = 1_000;
/** As many as a body of 100 KB holds with room to spare. */
const MAX_IDS = 1_000;

/** Names as they stand in a dead letter: a stranger may have chosen them, so anything goes. */
const name = bounded(500);

const filterBody = z.strictObject({
  status: z.enum(['DEAD', 'QUARANTINED']).optional(),
  topic: name.optional(),
  type: name.optional().describe('The full name of the event, as in `eventType`.'),
  code: name.optional().describe('The code of the error.'),
  key: bounded(LONGEST_KEY, 0).optional(),
  receivedBefore: moment.optional(),
  receivedSince: moment.optional(),
});

export const replayBody = z
  .strictObject({
    ids: z.array(id).min(1).max(MAX_IDS).optional().describe('These dead letters.'),
    filter: filterBody.optional().describe('Every dead letter that fits, the oldest first.'),
    limit: z.number().int().min(1).max(10_000).optional().describe(`With a filter; default ${DEFAULT_LIMIT}.`),
    ratePerSecond: z.number().int().min(1).max(1_000).default(200),
    includeQuarantined: z.boolean().default(false).describe('Also those that came back from too many replays.'),
    dryRun: z.boolean().default(false).describe('Only tell what each would come to; nothing is written.'),
    reason: text(500).optional().describe('For the audit trail.'),
  })
  .superRefine(({ ids, filter, limit, includeQuarantined }, context) => {
    const fault = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path });
    if (ids === undefined && filter === undefined) fault('must say what to replay: either ids or a filter');
    if (ids !== undefined && filter !== undefined)
      fault('must not come together with ids: send one of the two', 'filter');
    if (ids !== undefined && limit !== undefined) fault('belongs to a filter; leave it out beside ids', 'limit');
    if (filter !== undefined && Object.values(filter).every((value) => value === undefined)) {
      fault('must not be empty; to mean every dead letter, say so: {"status":"DEAD"}', 'filter');
    }
    if (filter?.status === 'QUARANTINED' && !includeQuarantined) {
      fault('needs "includeQuarantined": true beside the filter', 'filter', 'status');
    }
  });

export type ReplayBody = z.output<typeof replayBody>;

/** What a request asks to replay: its dead letters one by one, or those that fit. */
export type Selection =
  | { readonly ids: readonly string[] }
  | { readonly filter: DeadLetterFilter; readonly limit: number };

export function selectionOf({ ids, filter, limit, includeQuarantined }: ReplayBody): Selection {
  if (ids !== undefined) return { ids: [...new Set(ids)] };
  const { status, ...rest } = filter ?? {};
  const statuses =
    status === undefined ? (['DEAD', ...(includeQuarantined ? ['QUARANTINED' as const] : [])] as const) : [status];
  return { filter: { ...rest, statuses }, limit: limit ?? DEFAULT_LIMIT };
}

/** What is kept of the selection, for people: the dead letters themselves are the replay's items. */
export const shownSelection = ({ ids, filter, includeQuarantined }: ReplayBody) => ({
  ...(filter === undefined ? { ids: new Set(ids).size } : { filter }),
  ...(includeQuarantined ? { includeQuarantined } : {}),
});

/** @throws DomainError 404 for one that is not known, else 409 with the code of the first. `errors` names each. */
export function requireReplayable({ ids = [], includeQuarantined }: ReplayBody, found: readonly Candidate[]): void {
  const known = new Map(found.map((candidate) => [candidate.id, candidate]));
  const asked = ids.map((id, at) => ({ id, field: `/ids/${at}` }));
  const unknown = asked.filter(({ id }) => !known.has(id));
  if (unknown[0] !== undefined) {
    const faults = unknown.map(({ id, field }) => ({ field, message: `there is no dead letter ${id}` }));
    throw deadLetterUnknown(unknown[0].id, faults);
  }
  const out = asked.flatMap(({ id, field }) => {
    const refusal = notReplayable(known.get(id) as Candidate, includeQuarantined);
    return refusal === undefined ? [] : [{ refusal, fault: { field, message: `${refusal.code}: ${refusal.detail}` } }];
  });
  if (out[0] !== undefined) {
    throw refused(
      out[0].refusal,
      out.map(({ fault }) => fault),
    );
  }
}
