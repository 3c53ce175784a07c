/** A setting, or the machine, does not allow a start. Each fault is a sentence that says what to do. */
export class StartError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'StartError';
    this.faults = faults;
  }
}
