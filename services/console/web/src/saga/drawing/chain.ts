import type { Scene } from '../layout/scene/scene.ts';

/** A mark and everything that led to it. Null: nothing is under the pointer, and everything keeps its ink. */
export type Chain = ReadonlySet<string> | null;

export function chainOf(scene: Scene, mark: string | null): Chain {
  if (mark === null || !scene.marks.some((one) => one.id === mark)) {
    return null;
  }
  const chain = new Set([mark]);
  const open = [mark];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const wire of scene.wires) {
      if (
        wire.to === id &&
        wire.from !== null &&
        wire.kind !== 'answer' &&
        wire.kind !== 'answer-back' &&
        !chain.has(wire.from)
      ) {
        chain.add(wire.from);
        open.push(wire.from);
      }
    }
  }
  return chain;
}

/** The cause of a mark, or the first that it caused, along the wires. */
export function alongCauses(scene: Scene, mark: string, way: 'cause' | 'effect'): string | null {
  const wires = scene.wires.filter((wire) => wire.kind !== 'answer' && wire.kind !== 'answer-back');
  if (way === 'cause') {
    return wires.find((wire) => wire.to === mark)?.from ?? null;
  }
  const effects = wires.flatMap((wire) => (wire.from === mark && wire.to !== null ? [wire.to] : []));
  const marks = scene.marks.filter((one) => effects.includes(one.id));
  const [first] = [...marks].sort((a, b) => Number(isSmall(a.kind)) - Number(isSmall(b.kind)) || a.x - b.x);
  return first?.id ?? null;
}

const isSmall = (kind: string): boolean => kind === 'noted' || kind === 'ignored' || kind === 'duplicate';

export const inChain = (chain: Chain, ...ends: readonly (string | null)[]): string =>
  chain === null || ends.every((end) => end !== null && chain.has(end)) ? '' : ' dim';
