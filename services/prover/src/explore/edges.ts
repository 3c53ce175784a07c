import { grown } from '../model/grown.ts';

/** The steps between states, in the order in which the states were expanded. A step's lowest bit says whether it is own. */
export class Edges {
  #targets = new Int32Array(4_096);
  /** By state: where its steps begin; the next state's is where they end. */
  #starts = new Int32Array(1_024);
  readonly #ends = new Set<number>();
  #count = 0;
  #size = 0;

  get count(): number {
    return this.#count;
  }

  /** How many states were expanded. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#targets.byteLength + this.#starts.byteLength;
  }

  begin(state: number): void {
    if (state + 2 > this.#starts.length) this.#starts = grown(this.#starts);
    this.#starts[state] = this.#count;
    this.#starts[state + 1] = this.#count;
    this.#size = state + 1;
  }

  add(target: number, isOwn: boolean): void {
    if (this.#count === this.#targets.length) this.#targets = grown(this.#targets);
    this.#targets[this.#count] = 2 * target + (isOwn ? 1 : 0);
    this.#count += 1;
    this.#starts[this.#size] = this.#count;
  }

  end(state: number): void {
    this.#ends.add(state);
  }

  isEnd(state: number): boolean {
    return this.#ends.has(state);
  }

  /** The first state from which no state of a kind can be reached; with `ownOnly` by own steps alone. */
  withoutWayTo(isWanted: (state: number) => boolean, { ownOnly }: { readonly ownOnly: boolean }): number | undefined {
    const reaches = new Uint8Array(this.#size);
    for (let isNew = true; isNew; ) {
      isNew = false;
      // Most steps lead to states that were found later, so one round from the last to the first nearly ends it.
      for (let state = this.#size - 1; state >= 0; state -= 1) {
        if (reaches[state] === 1 || !(this.#leads(state, reaches, ownOnly) || isWanted(state))) continue;
        reaches[state] = 1;
        isNew = true;
      }
    }
    const first = reaches.indexOf(0);
    return first < 0 ? undefined : first;
  }

  #leads(state: number, reaches: Uint8Array, ownOnly: boolean): boolean {
    for (let at = this.#starts[state] as number; at < (this.#starts[state + 1] as number); at += 1) {
      const step = this.#targets[at] as number;
      if ((!ownOnly || (step & 1) === 1) && reaches[step >> 1] === 1) return true;
    }
    return false;
  }

  /** By state: how many ways lead to it from the first, over steps that close no circle. */
  paths(): Float64Array {
    const order = this.#finished();
    const paths = new Float64Array(this.#size);
    const rank = new Int32Array(this.#size);
    for (const [at, state] of order.entries()) rank[state] = at;
    paths[0] = 1;
    for (let at = order.length - 1; at >= 0; at -= 1) {
      const state = order[at] as number;
      const seen = new Set<number>();
      for (let step = this.#starts[state] as number; step < (this.#starts[state + 1] as number); step += 1) {
        const target = (this.#targets[step] as number) >> 1;
        if ((rank[target] as number) >= at || seen.has(target)) continue;
        seen.add(target);
        paths[target] = (paths[target] as number) + (paths[state] as number);
      }
    }
    return paths;
  }

  /** The states in the order in which a depth-first search from the first leaves them. */
  #finished(): Int32Array {
    const order = new Int32Array(this.#size);
    const next = this.#starts.slice(0, this.#size);
    const isSeen = new Uint8Array(this.#size);
    const stack = [0];
    let finished = 0;
    isSeen[0] = 1;
    while (stack.length > 0) {
      const state = stack[stack.length - 1] as number;
      const at = next[state] as number;
      if (at === this.#starts[state + 1]) {
        order[finished] = state;
        finished += 1;
        stack.pop();
        continue;
      }
      next[state] = at + 1;
      const target = (this.#targets[at] as number) >> 1;
      if (isSeen[target] === 1) continue;
      isSeen[target] = 1;
      stack.push(target);
    }
    return order.subarray(0, finished);
  }
}
