import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed.mjs';
import { fixtures } from './dev/fixtures.ts';

// The page is built into files that the console's server serves: one port, and no request leaves the machine.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed(), ...(process.env.FIXTURES ? [fixtures()] : [])],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: { proxy: { '/api': process.env.CONSOLE_URL ?? 'http://127.0.0.1:3000' } },
});
