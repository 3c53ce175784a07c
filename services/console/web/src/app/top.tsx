import { Link, useLocation } from 'wouter';
import { count, Icon, IconButton, Logo, useKept, useLive } from '../parts/index.ts';
import { LiveMark } from './live-mark.tsx';
import { isWithin, type Tab, tabs } from './screens.ts';
import { SearchBox } from './search-box.tsx';
import { theme, toggleTheme } from './theme.ts';

export function Top() {
  const [path] = useLocation();
  const chosen = useKept(theme);
  return (
    <header className="top">
      <Link className="brand" href="/sagas" aria-label="Troupe, all sagas">
        <Logo />
        <b>Troupe</b>
      </Link>
      <nav className="nav" aria-label="Main">
        {tabs.map((tab) => (
          <TabLink key={tab.href} tab={tab} current={isWithin(path, tab)} />
        ))}
      </nav>
      <SearchBox phoneOnly={path === '/sagas'} />
      <LiveMark />
      <IconButton
        icon="theme"
        name={`Theme: ${chosen ?? 'as the system has it'}. Change to the other one`}
        onClick={toggleTheme}
      />
    </header>
  );
}

export function TabLink({ tab, current }: { readonly tab: Tab; readonly current: boolean }) {
  const waiting = useLive('overview')?.nav[tab.count ?? 'attention'] ?? 0;
  return (
    <Link href={tab.href} aria-current={current ? 'page' : undefined} title={tab.name}>
      <Icon name={tab.icon} />
      <span>{tab.name}</span>
      {tab.count && waiting > 0 && <em className="n">{count(waiting)}</em>}
    </Link>
  );
}
