import { useState } from 'react';
import { useLocation } from 'wouter';
import { Dialog, Icon } from '../parts/index.ts';
import { isWithin, PHONE_TABS, tabs } from './screens.ts';
import { TabLink } from './top.tsx';

/** The navigation of a phone: within a thumb's reach. */
export function BottomTabs() {
  const [path] = useLocation();
  const [more, setMore] = useState(false);
  const rest = tabs.filter(({ href }) => !PHONE_TABS.includes(href));
  return (
    <>
      <nav className="bottom" aria-label="Main, phone">
        {tabs
          .filter(({ href }) => PHONE_TABS.includes(href))
          .sort((one, other) => PHONE_TABS.indexOf(one.href) - PHONE_TABS.indexOf(other.href))
          .map((tab) => (
            <TabLink key={tab.href} tab={tab} current={isWithin(path, tab)} />
          ))}
        <button type="button" aria-current={rest.some((tab) => isWithin(path, tab))} onClick={() => setMore(true)}>
          <Icon name="more" />
          <span>More</span>
        </button>
      </nav>
      {more && (
        <Dialog title="More" onClose={() => setMore(false)}>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click. */}
          <nav className="more-nav" aria-label="More" onClick={() => setMore(false)}>
            {rest.map((tab) => (
              <TabLink key={tab.href} tab={tab} current={isWithin(path, tab)} />
            ))}
          </nav>
        </Dialog>
      )}
    </>
  );
}
