import { Random } from './random.ts';

/**
 * The faults, each with its chance where it can be injected. A name is also the name of a random stream: another name is
 * another run for every seed that injects the fault.
 */
export const FAULTS = {
  'process killed': 0.003,
  'process stopped': 0.002,
  'transaction aborted': 0.004,
  'commit answer lost': 0.02,
  'database crashed': 0.002,
  'database away': 0.002,
  'slot lost': 0.004,
  'broker away': 0.01,
  'produce answer lost': 0.06,
  'produce half stored': 0.04,
  'offsets not committed': 0.1,
  'group thrown back': 0.01,
  'call not made': 0.15,
  'call answer lost': 0.15,
  'call slow': 0.2,
  'time leaps': 0.004,
  'rule broken': 0.03,
  'stranger writes': 0.01,
} as const satisfies Readonly<Record<string, number>>;
export type Fault = keyof typeof FAULTS;

export interface InjectedFault {
  /** `fault #n`: the n-th place in the run at which it could be injected. */
  readonly name: string;
  readonly where: string;
}

const NAMES = Object.keys(FAULTS) as Fault[];
/** In one run. A run is to show combinations of faults, not one fault many times. */
const MAX_PER_KIND = 4;

/**
 * Decides where faults are injected. Each seed draws its own mix: some faults, each rarer or more frequent, or none at all.
 * With `only`, exactly the named faults are injected; shrinking uses it to find the faults that a failure needs.
 */
export class Faults {
  readonly injected: InjectedFault[] = [];
  readonly #only: ReadonlySet<string> | undefined;
  readonly #kinds = new Map<
    Fault,
    { readonly random: Random; readonly rate: number; chances: number; count: number }
  >();
  #over = false;

  constructor(seed: number, only?: ReadonlySet<string>) {
    const mix = new Random(seed, 'mix of faults');
    const share = mix.pick([0, 0.15, 0.3, 0.3, 0.6]);
    for (const fault of NAMES) {
      const rate = mix.chance(share) ? FAULTS[fault] * mix.pick([0.5, 1, 4]) : 0;
      this.#kinds.set(fault, { random: new Random(seed, fault), rate, chances: 0, count: 0 });
    }
    this.#only = only;
  }

  /** Whether this run can inject any of these. */
  canInject(faults: readonly Fault[]): boolean {
    return this.#only !== undefined || faults.some((fault) => (this.#kinds.get(fault)?.rate ?? 0) > 0);
  }

  /** Whether the fault is injected here and now. The caller then carries it out. */
  inject(fault: Fault, where: () => string): boolean {
    const kind = this.#kinds.get(fault);
    if (kind === undefined || this.#over) return false;
    if (this.#only === undefined && (kind.rate === 0 || kind.count === MAX_PER_KIND)) return false;
    kind.chances += 1;
    const name = `${fault} #${kind.chances}`;
    if (this.#only === undefined ? !kind.random.chance(kind.rate) : !this.#only.has(name)) return false;
    kind.count += 1;
    this.injected.push({ name, where: where() });
    return true;
  }

  /** Injects no fault from now on. */
  end(): void {
    this.#over = true;
  }
}
