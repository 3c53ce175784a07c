/**
 * The moments at which rules run here. Rules know of time only what they are told, and they only compare: a moment in their
 * state with the moment of their message. So two moments are enough, one before and one behind everything that was ever
 * set; the values of the moments in a state then cannot make a difference, and states are told apart without them.
 */
export const EARLY = new Date('2026-01-01T00:00:00Z');
/** Timers go off here: whatever was to be waited for is over. */
export const LATE = new Date('2027-01-01T00:00:00Z');
/** An answer that comes even later: also what began with a timer has taken too long. */
export const LATEST = new Date('2028-01-01T00:00:00Z');
