import { useEffect, useRef, useState } from 'react';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { Button, useCopied } from '../../parts/index.ts';
import { mermaidOf } from '../export/mermaid.ts';

/** The saga to take along: a diagram, its data, a link. */
export function ExportMenu({ detail }: { readonly detail: SagaDetail }) {
  const [open, setOpen] = useState(false);
  const [copied, copy] = useCopied();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(event.target as Node)) {
        event.preventDefault();
        event.stopPropagation();
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', close);
    box.current?.addEventListener('keydown', close);
    const element = box.current;
    return () => {
      document.removeEventListener('pointerdown', close);
      element?.removeEventListener('keydown', close);
    };
  }, [open]);
  const take = (text: string): void => {
    copy(text);
    setOpen(false);
  };
  return (
    <div className="menu" ref={box}>
      <Button
        icon={copied ? 'check' : 'export'}
        aria-haspopup="true"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {copied ? 'Copied' : 'Export'}
      </Button>
      {open && (
        <ul className="menu-l" aria-label="Export">
          <li>
            <Button look="quiet" icon="copy" onClick={() => take(mermaidOf(detail))}>
              Copy as Mermaid diagram
            </Button>
          </li>
          <li>
            <Button look="quiet" icon="copy" onClick={() => take(JSON.stringify(detail, null, 2))}>
              Copy as JSON
            </Button>
          </li>
          <li>
            <Button
              look="quiet"
              icon="file"
              onClick={() => {
                save(`saga-${detail.orderId}.json`, JSON.stringify(detail, null, 2));
                setOpen(false);
              }}
            >
              Save as JSON
            </Button>
          </li>
          <li>
            <Button look="quiet" icon="link" onClick={() => take(location.href)}>
              Copy link to this view
            </Button>
          </li>
        </ul>
      )}
    </div>
  );
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
