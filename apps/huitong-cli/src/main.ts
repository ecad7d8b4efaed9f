import { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { register as registerAnswer } from './answer.ts';
import { register as registerBackup } from './backup.ts';
import { register as registerCertificate } from './certificate.ts';
import { register as registerDemo } from './demo.ts';
import { register as registerDown } from './down.ts';
import { register as registerLag } from './lag.ts';
import { register as registerLanes } from './lanes.ts';
import { register as registerParked } from './parked.ts';
import { register as registerProve } from './prove.ts';
import { register as registerPublish } from './publish.ts';
import { register as registerRebuild } from './rebuild.ts';
import { register as registerRestore } from './restore.ts';
import { register as registerStart } from './start.ts';
import { register as registerStatus } from './status.ts';
import { register as registerTrace } from './trace.ts';
import { register as registerUp } from './up.ts';

const program = new Command('huitong').description(
  '汇通: 专题库变更同步 / Huitong: subject databases kept equal to what departments know',
);
const commands = [
  registerStart,
  registerUp,
  registerDown,
  registerStatus,
  registerPublish,
  registerAnswer,
  registerLag,
  registerLanes,
  registerTrace,
  registerParked,
  registerProve,
  registerRebuild,
  registerBackup,
  registerRestore,
  registerCertificate,
  registerDemo,
];
for (const register of commands) register(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof HuitongError)) throw error;
  process.stderr.write(`✗ ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
