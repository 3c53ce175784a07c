import { useEffect, useState } from 'react';
import { Icon } from '../marks/icons.tsx';
import { shortId } from '../words/amount.ts';

/** Copies an id. The tick stands for a second and a half, and is said aloud. */
export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const [copied, copy] = useCopied();
  return (
    <button
      type="button"
      className={`copy ${copied ? 'done' : ''}`}
      aria-label={copied ? `Copied ${name}` : `Copy ${name}`}
      title={copied ? 'Copied' : `Copy ${name}`}
      onClick={() => copy(text)}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

/** Whether something was copied just now, and the act. */
export function useCopied(): readonly [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return [copied, copy];
}

/** An id in monospace, short on the page and whole on hover, with its copy button. */
export function Id({
  id,
  name,
  short = true,
}: {
  readonly id: string;
  readonly name: string;
  readonly short?: boolean;
}) {
  return (
    <span className="id">
      <span className="mono" title={id}>
        {short ? shortId(id) : id}
      </span>
      <CopyButton text={id} name={name} />
    </span>
  );
}
