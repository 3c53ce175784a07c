import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { Loading, OpenDialog, Patterns, queries } from '../parts/index.ts';
import { BottomTabs } from './bottom-tabs.tsx';
import { Broken } from './broken.tsx';
import { Keys } from './keys.tsx';
import { NotFound } from './not-found.tsx';
import { screens } from './screens.ts';
import { Strips } from './strips.tsx';
import { Top } from './top.tsx';

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Patterns />
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <Top />
      <Strips />
      <Main />
      <BottomTabs />
      <Keys />
      <OpenDialog />
    </QueryClientProvider>
  );
}

/** The focus follows to a new screen, so that a screen reader reads it and Tab goes on from there. Filters leave it where it is. */
function Main() {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      <Broken key={path}>
        <Suspense fallback={<Loading what="the screen" />}>
          <Switch>
            <Route path="/">
              <Redirect to="/sagas" replace />
            </Route>
            {screens.map(({ path: at, view: View }) => (
              <Route key={at} path={at}>
                <View />
              </Route>
            ))}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </Broken>
    </main>
  );
}
