import type { ReactElement } from 'react';

/** Sixteen by sixteen, drawn in lines of the text's colour. */
const DRAWINGS = {
  order: (
    <>
      <path d="M3.5 2.5h9v11l-1.8-1.2-1.3 1.2-1.4-1.2-1.4 1.2-1.3-1.2-1.8 1.2z" />
      <path d="M6 6h4M6 8.7h4" />
    </>
  ),
  payment: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1.5" />
      <path d="M2 6.6h12M4.5 10h2.5" />
    </>
  ),
  inventory: (
    <>
      <path d="M8 2 13.5 4.8v6.4L8 14 2.5 11.2V4.8z" />
      <path d="M2.5 4.8 8 7.6l5.5-2.8M8 7.6V14" />
    </>
  ),
  shipping: (
    <>
      <path d="M1.8 4h7.4v6.8H1.8zM9.2 6.4h2.7l2.3 2.4v2H9.2z" />
      <circle cx="4.6" cy="11.8" r="1.4" />
      <circle cx="11.4" cy="11.8" r="1.4" />
    </>
  ),
  notification: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1.5" />
      <path d="m2.6 4.6 5.4 4 5.4-4" />
    </>
  ),
  service: (
    <>
      <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="2" />
      <circle cx="8" cy="8" r="2.2" />
    </>
  ),
  attention: <path d="M4 14V2.5h8l-2 3 2 3H4" />,
  back: <path d="M13 8H3.5M7 4 3 8l4 4" />,
  bolt: <path d="M9 1.8 3.5 9H8l-1 5.2L12.5 7H8z" />,
  check: <path d="m3 8.5 3.2 3.2L13 5" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.4" />
      <path d="M10.5 3V2.5h-8v8H3" />
    </>
  ),
  dead: (
    <>
      <path d="M5.2 2h5.6L14 5.2v5.6L10.8 14H5.2L2 10.8V5.2z" />
      <path d="m5.8 5.8 4.4 4.4M10.2 5.8l-4.4 4.4" />
    </>
  ),
  down: <path d="M3.5 6 8 10.5 12.5 6" />,
  export: <path d="M8 2v7.5M5 5l3-3 3 3M3 9.5v4h10v-4" />,
  eye: (
    <>
      <path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z" />
      <circle cx="8" cy="8" r="1.8" />
    </>
  ),
  file: (
    <>
      <path d="M4 1.8h5.2L12.5 5v9.2H4z" />
      <path d="M9 2v3.2h3.2" />
    </>
  ),
  gear: (
    <>
      <path d="M2.5 5h5M11.5 5h2M2.5 11h2M8.5 11h5" />
      <circle cx="9.5" cy="5" r="1.8" />
      <circle cx="6.5" cy="11" r="1.8" />
    </>
  ),
  link: (
    <path d="M6.6 9.4 9.4 6.6M7.2 4.8l1.4-1.4a2.8 2.8 0 0 1 4 4l-1.4 1.4M8.8 11.2l-1.4 1.4a2.8 2.8 0 0 1-4-4l1.4-1.4" />
  ),
  map: (
    <>
      <circle cx="3.6" cy="8" r="1.9" />
      <circle cx="12.4" cy="3.8" r="1.9" />
      <circle cx="12.4" cy="12.2" r="1.9" />
      <path d="m5.4 7.1 5.2-2.5M5.4 8.9l5.2 2.5" />
    </>
  ),
  more: <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2.4" />,
  out: <path d="M6 3H3.5v9.5H13V10M9 3h4v4M13 3 7.5 8.5" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2.2" />,
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.6" />
      <path d="M3 13.5c.6-2.8 2.6-4 5-4s4.4 1.2 5 4" />
    </>
  ),
  play: <path d="M4.5 3v10l8-5z" fill="currentColor" />,
  plus: <path d="M8 3v10M3 8h10" />,
  redo: <path d="M10 3l3.2 3.2L10 9.4M13 6.2H6.8a3.6 3.6 0 0 0 0 7.2H10" />,
  right: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  sagas: (
    <>
      <path d="M2 4h7M2 8h12M2 12h5" />
      <circle cx="11.5" cy="4" r="1.6" />
      <circle cx="9.5" cy="12" r="1.6" />
    </>
  ),
  save: <path d="M4 2.5h8v11l-4-2.8-4 2.8z" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.4 3.4" />
    </>
  ),
  services: (
    <>
      <rect x="2" y="2.5" width="12" height="4.6" rx="1.2" />
      <rect x="2" y="8.9" width="12" height="4.6" rx="1.2" />
      <path d="M4.6 4.8h.1M4.6 11.2h.1" />
    </>
  ),
  stop: <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" fill="currentColor" />
    </>
  ),
  topics: (
    <>
      <path d="M2.5 4.2h11M2.5 8h11M2.5 11.8h11" />
      <path d="M5.5 3v2.4M10 6.8v2.4M7 10.6V13" />
    </>
  ),
  trace: <path d="M2 3.5h6M5 8h6M8.5 12.5H14" strokeWidth="2.2" />,
  trash: <path d="M3 4.5h10M6.2 4.5V2.8h3.6v1.7M4.4 4.5l.6 9h6l.6-9" />,
  try: (
    <>
      <path d="M6.2 2h3.6M7 2v4.2L3 12.3c-.5.8 0 1.7.9 1.7h8.2c.9 0 1.4-.9.9-1.7L9 6.2V2" />
      <path d="M5 10h6" />
    </>
  ),
  undo: <path d="M6 3 2.8 6.2 6 9.4M3 6.2h6.2a3.6 3.6 0 0 1 0 7.2H6" />,
  up: <path d="M3.5 10 8 5.5l4.5 4.5" />,
  x: <path d="m4 4 8 8M12 4l-8 8" />,
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof DRAWINGS;

/** Decoration: what it stands beside says the same in words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
      {DRAWINGS[name]}
    </svg>
  );
}

/** The drawing alone, sixteen by sixteen, for an SVG of one's own. */
export const iconShape = (name: IconName): ReactElement => DRAWINGS[name];
