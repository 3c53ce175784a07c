import { command, decided, ignored, on, oneRow, reactions } from '@troupe/chassis';
import { type EventType, eventType } from '@troupe/schemas';

// Two services that answer each other for ever: each table alone looks right.

export interface Ball {
  readonly matchId: string;
}
/** What a player keeps of a match: how often the ball came. */
export interface Rally extends Ball {
  readonly hits: number;
}

function event<Name extends string>(owner: string, name: Name) {
  const fields = [{ name: 'matchId', type: 'string' }];
  const schema = { type: 'record', name, namespace: `troupe.${owner}`, key: 'matchId', fields };
  return eventType<Name, Ball>(name, owner, schema) satisfies EventType<Name, Ball>;
}

const Pinged = event('ping', 'Pinged');
const Ponged = event('pong', 'Ponged');
export const events = [Pinged, Ponged];

export const Serve = command('Serve', ({ matchId }: Ball) => matchId);

/** Nobody plays on behind so many, so that a test without a limit ends, and fails. */
const TIRED = 2_000;

const hit = ({ matchId }: Ball, rally: Rally | undefined): Rally => ({ matchId, hits: (rally?.hits ?? 0) + 1 });
const tired = (rally: Rally | undefined): boolean => (rally?.hits ?? 0) >= TIRED;
const rowOf = ({ matchId }: Rally): string => matchId;

export const ping = reactions(oneRow<Rally>('ping', rowOf), [
  on(Serve, {
    emits: [Pinged],
    begins: Pinged,
    react: ({ matchId }, rally) =>
      rally ? ignored('the match has begun') : decided({ matchId, hits: 0 }, Pinged({ matchId })),
  }),
  on(Ponged, {
    emits: [Pinged],
    react: (ball, rally) => (tired(rally) ? ignored('tired') : decided(hit(ball, rally), Pinged(ball))),
  }),
]);

export const pong = reactions(oneRow<Rally>('pong', rowOf), [
  on(Pinged, {
    emits: [Ponged],
    react: (ball, rally) => (tired(rally) ? ignored('tired') : decided(hit(ball, rally), Ponged(ball))),
  }),
]);

/** Pong, in a version that ends the cycle. */
export const mendedPong = reactions(oneRow<Rally>('pong', rowOf), [
  on(Pinged, { react: () => ignored('the match is over') }),
]);
