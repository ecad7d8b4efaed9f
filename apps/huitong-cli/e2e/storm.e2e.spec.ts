import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const script = join(import.meta.dirname, '../../../faults/run.mjs');
const faults = ['poison', 'lost-commits', 'cut-connections', 'kill-postgres-at-commit', 'kill-population-sync'];

describe('a short storm', () => {
  it('loses nothing, does nothing twice, and is over after each fault', async () => {
    const args = [script, '--seed', 'e2e', '--people', '300', '--rate', '60', '--only', faults.join(), '--json'];
    const { code, stdout, stderr } = await promisify(execFile)(process.execPath, args).then(
      (printed) => ({ code: 0, ...printed }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    if (code !== 0) throw new Error(`${stdout}${stderr}`);
    const { results } = JSON.parse(stdout) as { results: { name: string; ok: boolean; equal: boolean }[] };
    expect(results.map(({ name }) => name)).toEqual(faults);
  }, 600_000);
});
