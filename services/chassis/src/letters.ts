/** What handling a letter again would come to. */
export interface Rehearsal {
  readonly id: string;
  readonly outcome: 'applied' | 'duplicate' | 'ignored' | 'dead' | 'parked';
  readonly reason?: string;
  readonly code?: string;
}

/** Handles messages that were set aside, through the same lane, inbox and unit of work as everything else. */
export interface Letters {
  /**
   * Handles dead letters again, in the order in which they were set aside. What each came to is written in the transaction
   * of its effect: in `dead_letter` and in the item of the replay that it belongs to. Letters that are settled are left
   * alone. Resolves when all are committed; may be called again when it rejects.
   *
   * @throws what the database threw while the letters were looked up; later it is waited for.
   */
  replay(ids: readonly string[]): Promise<void>;
  /** What `replay` would come to now, in the same order; nothing is written. @throws what the database threw. */
  rehearse(ids: readonly string[]): Promise<readonly Rehearsal[]>;
  /**
   * Handles parked messages that nothing holds back any more, in order, until there are none. Returns how many; one that
   * fails is a dead letter from then on.
   * @throws what the database threw while they were looked up.
   */
  release(): Promise<number>;
}
