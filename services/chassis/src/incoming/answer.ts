/** An HTTP answer as data: it can be stored with an idempotency key and given again. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a command came to. `state` is the state after it; for `ignored` the state as it was. */
export type CommandResult<State> =
  | { readonly kind: 'decided'; readonly state: State }
  | { readonly kind: 'ignored'; readonly state: State; readonly reason: string };
