export interface OperatorAct {
  /** Who, as the request said it. */
  readonly operator: string;
  /** What, for programs: `saga.resolve`, `dead-letters.replay`. */
  readonly act: string;
  /** To what: the id of a saga, the id of a dead letter or a replay. */
  readonly target: string;
  readonly reason?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>>;
}
