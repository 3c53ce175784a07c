import { useMemo, useState } from 'react';
import type { Scene } from '../layout/scene/scene.ts';
import { chainOf } from './chain.ts';
import { Grounds, Lines } from './grounds.tsx';
import { Links } from './links.tsx';
import { type MarkHandlers, Marks } from './marks.tsx';
import { Texts } from './texts.tsx';

/** A scene as SVG. Everything has the id of what it stands for, so that what changes moves and nothing is drawn anew. */
export function Drawing({ scene, name, ...handlers }: MarkHandlers & { readonly scene: Scene; readonly name: string }) {
  const [pointed, setPointed] = useState<string | null>(null);
  const chain = useMemo(() => chainOf(scene, pointed), [scene, pointed]);
  return (
    <svg
      className={`score${chain === null ? '' : ' pointing'}`}
      width={scene.width}
      height={scene.height}
      viewBox={`0 0 ${scene.width} ${scene.height}`}
      role="group"
      aria-label={name}
    >
      <Grounds scene={scene} />
      <Lines scene={scene} />
      <Links scene={scene} chain={chain} />
      <Texts scene={scene} chain={chain} />
      <Marks scene={scene} chain={chain} {...handlers} onPoint={setPointed} />
    </svg>
  );
}
