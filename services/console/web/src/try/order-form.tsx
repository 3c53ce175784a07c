import { useState } from 'react';
import type { StoryView } from '../../../src/contract/work.ts';
import { Button, Strip, sentenceOf, useCopied } from '../parts/index.ts';
import { curlOf } from './curl.ts';
import { place } from './data.ts';

const MANY = 200;

export interface PlacedOrders {
  readonly story: string;
  readonly order: string;
  readonly twin: string | null;
  readonly count: number;
}

/** Places the order of a story: alone, beside its orchestrated twin, or two hundred of it. */
export function OrderForm({
  story,
  onPlaced,
}: {
  readonly story: StoryView;
  readonly onPlaced: (placed: PlacedOrders) => void;
}) {
  const [twin, setTwin] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [copied, copy] = useCopied();
  const curl = curlOf(story.body);
  const go = async (count: number) => {
    setBusy(true);
    setError(null);
    try {
      const [own, other] = await Promise.all([
        place(story.id, { orchestrated: false, count }),
        twin ? place(story.id, { orchestrated: true, count }) : null,
      ]);
      const order = own.orderIds[0];
      if (order !== undefined)
        onPlaced({ story: story.id, order, twin: other?.orderIds[0] ?? null, count: count * (twin ? 2 : 1) });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="try-go">
      <label className="check">
        <input type="checkbox" checked={twin} onChange={(event) => setTwin(event.target.checked)} />
        and beside it the same, orchestrated
      </label>
      <Button icon="play" look="primary big" disabled={busy} onClick={() => go(1)}>
        {busy ? 'Placing…' : 'Place the order'}
      </Button>
      {error !== null && (
        <div role="alert">
          <Strip tone="alarm" mark="away">
            {sentenceOf(error)}
          </Strip>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className="code" aria-label="The same from a shell" tabIndex={0}>
        <pre>{curl}</pre>
      </section>
      <div className="btns-g">
        <Button icon={copied ? 'check' : 'copy'} onClick={() => copy(curl)}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button look="quiet" disabled={busy} onClick={() => go(MANY)}>
          {MANY} at once
        </Button>
      </div>
    </div>
  );
}
