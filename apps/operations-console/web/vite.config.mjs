import { join } from 'node:path';
import { defineConfig } from 'vite';

/** The pages; built by tools/build-web.mjs, which skips what has not changed. */
export default defineConfig({
  root: import.meta.dirname,
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'web'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // Everything is a file of its own, so that the content security policy need not allow data in scripts or styles.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3_000,
  },
});
