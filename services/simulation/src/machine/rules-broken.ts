import type { AnyTable } from './service.ts';
import type { World } from './world.ts';

/** Rules that cannot handle some event until they are mended, as after a deployment with a bug. */
export class BrokenRules {
  readonly #world: World;
  readonly #broken = new Set<string>();
  #mended = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The same table, whose rules for events may break. */
  over(table: AnyTable): AnyTable {
    const reactions = new Map(
      table.reactions.map(({ hears: { kind, messageName } }) => {
        const sound = table.find(messageName) as NonNullable<ReturnType<AnyTable['find']>>;
        if (kind !== 'event') return [messageName, sound];
        const react: typeof sound.react = (data, state, context) => {
          const id = (data as Readonly<Record<string, unknown>>)[table.sagaField];
          this.#mayBreak(`${table.service} ${messageName} ${id}`);
          return sound.react(data, state, context);
        };
        return [messageName, { ...sound, react }];
      }),
    );
    return { ...table, find: (name) => reactions.get(name) };
  }

  /** What is broken now is mended; something else may break later. */
  forgive(): void {
    this.#broken.clear();
  }

  /** Nothing breaks any more. */
  mend(): void {
    this.#mended = true;
    this.#broken.clear();
  }

  #mayBreak(where: string): void {
    if (this.#mended) return;
    if (!this.#broken.has(where)) {
      if (!this.#world.faults.strike('rule broken', () => where)) return;
      this.#broken.add(where);
    }
    throw new Error(`The rule is broken for ${where}.`);
  }
}
