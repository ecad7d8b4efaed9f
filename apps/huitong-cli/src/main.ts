import { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { register as registerDown } from './down.ts';
import { register as registerStart } from './start.ts';
import { register as registerStatus } from './status.ts';
import { register as registerUp } from './up.ts';

const program = new Command('huitong').description(
  '汇通: 专题库变更同步 / Huitong: subject databases kept equal to what departments know',
);
for (const register of [registerStart, registerUp, registerDown, registerStatus]) register(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof HuitongError)) throw error;
  process.stderr.write(`✗ ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
