import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { fontsLoaded } from './app/fonts.ts';
import './parts/styles/index.css';
import './app/app.css';

await fontsLoaded();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
