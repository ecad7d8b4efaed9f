// Builds the pages of the operations console, unless they are built of just these sources and packages already.
// Usage: node tools/build-web.mjs
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './toolchain.mjs';

const app = join(root, 'apps', 'operations-console');
const stamp = join(app, 'dist', 'web', 'built-of');

/** A digest of everything that goes into the pages. */
function sourcesDigest() {
  const digest = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const entry of readdirSync(join(app, 'web'), { recursive: true, withFileTypes: true }).sort(byName))
    if (entry.isFile()) digest.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)));
  return digest.digest('hex');
}

const byName = (a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1);

/** Are the pages built of what is there now? */
export function pagesAreFresh() {
  try {
    return readFileSync(stamp, 'utf8') === sourcesDigest();
  } catch {
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href && !pagesAreFresh()) {
  const { build } = await import('vite');
  const digest = sourcesDigest();
  await build({ configFile: join(app, 'web', 'vite.config.mjs'), logLevel: 'error' });
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, digest);
}
