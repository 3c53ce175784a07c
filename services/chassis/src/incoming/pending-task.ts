/** A call or timer by what it is called: a service has one of a name and key at a time. */
export interface WithdrawnTask {
  readonly name: string;
  readonly key: string;
}

export interface PendingTask extends WithdrawnTask {
  readonly id: string;
}
