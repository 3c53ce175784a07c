/** Outcomes of one stage. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Adds up the stages of a run. */
export class Tally {
  readonly #stages: (Count & { readonly stage: string })[] = [];

  add(stage: string, count: Count): void {
    this.#stages.push({ stage, ...count });
  }

  get failed(): number {
    return this.#stages.reduce((sum, { failed }) => sum + failed, 0);
  }

  table(): string {
    return this.#stages.map(({ stage, passed, failed }) => `${stage}: ${passed} passed, ${failed} failed`).join('\n');
  }

  /** The line that ends every run: `N passed, N failed`. */
  line(): string {
    const passed = this.#stages.reduce((sum, stage) => sum + stage.passed, 0);
    return `${passed} passed, ${this.failed} failed`;
  }
}
