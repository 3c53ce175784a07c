/** One run of a process, from its start to its end. What it waits for when it is killed never happens. */
export class Incarnation {
  readonly name: string;
  alive = true;
  /** Stopped by SIGSTOP: the steps that it waits for happen when it resumes. */
  stopped = false;

  constructor(name: string) {
    this.name = name;
  }
}
