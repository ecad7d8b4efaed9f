import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { homeFolder } from './config.ts';
import { describeReport, type ProofReport } from './prove-report.ts';

const exitCodes = { equal: 0, different: 1, unproven: 2 } as const;

export function register(program: Command): void {
  program
    .command('prove')
    .description(
      '逐条逐项核对专题库; 退出码 0 完全一致, 1 有差异, 2 无法核对 / compare every record of every subject database with the truth; exit code 0 equal, 1 different, 2 could not be proved',
    )
    .option('--demo', '以演示城市为准 / against the demo city')
    .option('--wait <seconds>', '最多等待入库的秒数 / wait this long for what is published to be applied', '120')
    .option('--json', '输出 JSON / print JSON')
    .action(async (options: { demo?: boolean; wait: string; json?: boolean }) => {
      try {
        const report = await prove(options);
        process.exitCode = exitCodes[report.equal ? 'equal' : 'different'];
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describeReport(report));
      } catch (error) {
        process.exitCode = exitCodes.unproven;
        const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error) };
        if (options.json)
          process.stdout.write(`${JSON.stringify({ equal: null, error: { code, message } }, null, 2)}\n`);
        else process.stderr.write(`✗ 无法核对 / could not be proved: ${code}: ${message}\n`);
      }
    });
}

async function prove(options: { demo?: boolean; wait: string; json?: boolean }): Promise<ProofReport> {
  if (!options.demo)
    throw new HuitongError('REQUEST_INVALID', '请指定以何为准 / say against what: huitong prove --demo');
  const waitMs = Number(options.wait) * 1_000;
  if (!(waitMs >= 0)) throw new HuitongError('REQUEST_INVALID', '--wait 须为秒数 / --wait is a number of seconds');
  const { proveDemo } = await import('./prove-demo.ts');
  return proveDemo({ home: homeFolder(), waitMs, showProgress: !options.json && process.stderr.isTTY });
}
