import type { AnyTable } from '@troupe/chassis/internal';
import type { World } from '../world/world.ts';

/** Rules that throw for some event until somebody repairs them, as after a deployment with a bug. */
export class BrokenRules {
  readonly #world: World;
  readonly #broken = new Set<string>();
  #repaired = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The same table; its rules for events may break. */
  wrap(table: AnyTable): AnyTable {
    const reactions = new Map(
      table.reactions.map(({ hears: { kind, messageName } }) => {
        const original = table.find(messageName) as NonNullable<ReturnType<AnyTable['find']>>;
        if (kind !== 'event') return [messageName, original];
        const react: typeof original.react = (data, state, context) => {
          const id = (data as Readonly<Record<string, unknown>>)[table.sagaField];
          this.#mayBreak(`${table.service} ${messageName} ${id}`);
          return original.react(data, state, context);
        };
        return [messageName, { ...original, react }];
      }),
    );
    return { ...table, find: (name) => reactions.get(name) };
  }

  /** Repairs what is broken now. Another rule may break later. */
  repair(): void {
    this.#broken.clear();
  }

  /** Repairs everything; no rule breaks any more. */
  repairForGood(): void {
    this.#repaired = true;
    this.#broken.clear();
  }

  #mayBreak(where: string): void {
    if (this.#repaired) return;
    if (!this.#broken.has(where)) {
      if (!this.#world.faults.inject('rule broken', () => where)) return;
      this.#broken.add(where);
    }
    throw new Error(`The rule is broken for ${where}.`);
  }
}
