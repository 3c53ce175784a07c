import { type Environment, realEnvironment } from '../../process/environment.ts';
import type { HandledOffsets, Position } from './handled-offsets.ts';

/** How long handled records wait for others to share their commit. A crash in that time repeats them: harmless. */
const SHARE_MS = 1_000;

export interface CommitterParts {
  commit(positions: readonly Position[]): Promise<void>;
  failed(error: unknown, positions: readonly Position[]): void;
  readonly environment?: Pick<Environment, 'after'>;
}

/**
 * Commits what is handled, never twice at once, so that positions never go back. A commit that fails is repeated with
 * the next one: at worst records are repeated, and the inbox drops them.
 */
export class OffsetCommitter {
  readonly #offsets: HandledOffsets;
  readonly #parts: CommitterParts;
  /** Set while a commit is to come. */
  #takeBack: (() => void) | undefined;
  #committing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(offsets: HandledOffsets, parts: CommitterParts) {
    this.#offsets = offsets;
    this.#parts = parts;
  }

  soon(): void {
    if (this.#closed) return;
    const { after } = this.#parts.environment ?? realEnvironment;
    this.#takeBack ??= after(SHARE_MS, () => void this.now());
  }

  /** Commits what is handled now. Resolves when it is done; never rejects. */
  now(): Promise<void> {
    this.#takeBack?.();
    this.#takeBack = undefined;
    this.#committing = this.#committing.then(() => this.#commit());
    return this.#committing;
  }

  /** The partitions belong to somebody else now; nothing is committed any more. */
  close(): void {
    this.#closed = true;
    this.#takeBack?.();
  }

  async #commit(): Promise<void> {
    if (this.#closed) return;
    const positions = this.#offsets.takeCommittable();
    if (positions.length === 0) return;
    try {
      await this.#parts.commit(positions);
    } catch (error) {
      this.#parts.failed(error, positions);
      this.#offsets.putBack(positions);
      this.soon();
    }
  }
}
