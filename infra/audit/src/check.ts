/** Something that must hold. */
export interface Check {
  /** Stable, for scripts: `money.paid-once`. */
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly rule: string;
  /**
   * A query over the facts (facts.ts) that finds where the rule does not hold: columns `id` and `what`. No row when healthy.
   */
  readonly sql: string;
}

/** Something that breaks a rule. */
export interface Finding {
  /** The id of what the rule is about: an order, an event, a product. */
  readonly id: string;
  readonly what: string;
}
