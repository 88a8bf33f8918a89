import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { inlineDocuments } from './client/inlineDocuments.ts';
import { themeVariables } from './client/themeVariables.ts';

const api = 'http://127.0.0.1:4000';

export default defineConfig({
  root: 'client',
  cacheDir: '../node_modules/.vite',
  plugins: [inlineDocuments(), themeVariables(), react()],
  // Replaced in each response; `server/http/static.ts` says the same.
  html: { cspNonce: 'NONCE-OF-THE-RESPONSE' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // For `budget.ts`.
    manifest: true,
    target: 'es2023',
    // The content security policy allows no data: fonts or scripts, and nothing here is tiny.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What every page starts with is one file: many small ones compress badly.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/graphql': { target: api, ws: true },
      '/import': api,
      '/export': api,
      '/auth': api,
      // Two files beside the pages of a dataset.
      '^/datasets/[^/]+/(export\\.jsonl|manifest\\.json)(\\?|$)': api,
      '/artifacts': api,
      '/health': api,
      '/ready': api,
    },
  },
});
