import { Random } from './random.ts';

/** What may go wrong, and how often where it can, when a seed has it in its mix. */
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

/** One fault that struck. */
export interface Strike {
  /** `fault #n`: the n-th time that it could have struck. */
  readonly name: string;
  readonly where: string;
}

const NAMES = Object.keys(FAULTS) as Fault[];
/** Of one kind in one run; what is to be seen are the meetings of faults, not one fault again and again. */
const MOST = 4;

/**
 * Says where faults strike. Each seed draws its own mix: some faults, each rarer or more frequent, or none at all. With
 * `only`, exactly these strike, if they still can: to find out which ones a failure needs.
 */
export class Faults {
  readonly strikes: Strike[] = [];
  readonly #only: ReadonlySet<string> | undefined;
  readonly #kinds = new Map<
    Fault,
    { readonly random: Random; readonly rate: number; chances: number; struck: number }
  >();
  #over = false;

  constructor(seed: number, only?: ReadonlySet<string>) {
    const mix = new Random(seed, 'mix of faults');
    const share = mix.pick([0, 0.15, 0.3, 0.3, 0.6]);
    for (const fault of NAMES) {
      const rate = mix.chance(share) ? FAULTS[fault] * mix.pick([0.5, 1, 4]) : 0;
      this.#kinds.set(fault, { random: new Random(seed, fault), rate, chances: 0, struck: 0 });
    }
    this.#only = only;
  }

  /** Whether any of these can strike in this run. */
  mayStrike(faults: readonly Fault[]): boolean {
    return this.#only !== undefined || faults.some((fault) => (this.#kinds.get(fault)?.rate ?? 0) > 0);
  }

  /** Whether the fault strikes here and now. */
  strike(fault: Fault, where: () => string): boolean {
    const kind = this.#kinds.get(fault);
    if (kind === undefined || this.#over) return false;
    if (this.#only === undefined && (kind.rate === 0 || kind.struck === MOST)) return false;
    kind.chances += 1;
    const name = `${fault} #${kind.chances}`;
    if (this.#only === undefined ? !kind.random.chance(kind.rate) : !this.#only.has(name)) return false;
    kind.struck += 1;
    this.strikes.push({ name, where: where() });
    return true;
  }

  /** No fault strikes any more. */
  end(): void {
    this.#over = true;
  }
}
