import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon, type IconName } from '../marks/icons.tsx';

interface Looks {
  readonly icon?: IconName;
  /** Modifiers: `primary`, `quiet`, `danger`, `big`, `pill`, `on`. */
  readonly look?: string;
  readonly children?: ReactNode;
}

export function Button({ icon, look = '', children, ...rest }: Looks & Omit<ComponentProps<'button'>, 'className'>) {
  return (
    <button type="button" className={`btn ${look}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button with an icon alone; its name is for a screen reader and on hover. */
export function IconButton({
  icon,
  name,
  look = 'quiet',
  ...rest
}: { readonly icon: IconName; readonly name: string; readonly look?: string } & Omit<
  ComponentProps<'button'>,
  'className' | 'name'
>) {
  return (
    <button type="button" className={`btn icon ${look}`} aria-label={name} title={name} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

/** It leads somewhere within the console, so it is a link: it opens in a tab of its own, and can be copied. */
export function LinkButton({ icon, look = '', href, children }: Looks & { readonly href: string }) {
  return (
    <Link href={href} className={`btn ${look}`}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}
