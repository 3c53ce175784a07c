import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button.tsx';

/**
 * The browser's own dialog: it holds the focus, Esc closes it, and what is behind it is inert. It is open as long as it is rendered.
 */
export function Dialog(props: {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The buttons, the act to the right. */
  readonly foot?: ReactNode;
  readonly wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={props.wide ? 'wide' : ''}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div className="dlg-h">
        <h2 id={title}>{props.title}</h2>
        <IconButton icon="x" name="Close" onClick={props.onClose} />
      </div>
      <div className="dlg-b">{props.children}</div>
      {props.foot && <div className="dlg-f">{props.foot}</div>}
    </dialog>
  );
}
