import { Icon, type IconName } from './icons.tsx';

/** The services that have an icon and a hue of their own. Any other gets the plain icon and a quiet hue by its name. */
const NAMED = ['order', 'payment', 'inventory', 'shipping', 'notification'] as const satisfies readonly IconName[];
const HUES = 8;

export const serviceIcon = (name: string): IconName => NAMED.find((known) => known === name) ?? 'service';

/** Attributes that give an element the service's hue as `--sv`. */
export function serviceHue(name: string): { readonly 'data-s': string; readonly 'data-hue'?: number } {
  if (NAMED.some((known) => known === name)) return { 'data-s': name };
  let sum = 0;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return { 'data-s': name, 'data-hue': sum % HUES };
}

export function ServiceBadge({ name }: { readonly name: string }) {
  return (
    <span className="svc" {...serviceHue(name)}>
      <ServiceSquare name={name} />
      <span className="svc-n">{name}</span>
    </span>
  );
}

/** The icon alone, where the name stands beside it or in a column's head. */
export function ServiceSquare({ name, label }: { readonly name: string; readonly label?: string }) {
  const named = label === undefined ? {} : { role: 'img', 'aria-label': label, title: label };
  return (
    <span className="svc-i" {...serviceHue(name)} {...named}>
      <Icon name={serviceIcon(name)} />
    </span>
  );
}
