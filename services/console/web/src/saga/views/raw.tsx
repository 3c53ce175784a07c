import { useMemo } from 'react';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { CopyButton } from '../../parts/index.ts';

/** Everything that the page knows of the saga, as the server said it. */
export function Raw({ detail }: { readonly detail: SagaDetail }) {
  const text = useMemo(() => JSON.stringify(detail, null, 2), [detail]);
  return (
    <section className="raw" aria-label="Raw">
      <header className="raw-h">
        <span className="mono tx3">{`GET /api/sagas/${detail.orderId}`}</span>
        <span className="spacer" />
        <CopyButton text={text} name="the saga as JSON" />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <div className="code" tabIndex={0} role="group" aria-label="JSON">
        <pre>{text}</pre>
      </div>
    </section>
  );
}
