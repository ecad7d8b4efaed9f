import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { homeFolder } from './config.ts';
import { describeReport } from './prove-report.ts';

const exitCodes = { equal: 0, different: 1, unproven: 2 } as const;

interface ProveOptions {
  readonly demo?: boolean;
  readonly wait: string;
  readonly subject?: string;
  readonly repair?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('prove')
    .description(
      '逐条逐项核对专题库; 退出码 0 完全一致, 1 有差异, 2 无法核对 / compare every record of every subject database with its facts, or with the truth; exit code 0 equal, 1 different, 2 could not be proved',
    )
    .option('--subject <name>', '只核对此专题库 / only this subject database')
    .option('--repair', '不符的记录按事实重新推导 / derive anew what differs from its facts')
    .option('--demo', '以演示城市为准 / against the demo city')
    .option(
      '--wait <seconds>',
      '与 --demo 同用: 最多等待入库的秒数 / with --demo: wait this long for what is published to be applied',
      '120',
    )
    .option('--json', '输出 JSON / print JSON')
    .action(async (options: ProveOptions) => {
      try {
        const { report, text } = await (options.demo ? proveCity(options) : proveFacts(options));
        process.exitCode = exitCodes[report.equal ? 'equal' : 'different'];
        process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : text);
      } catch (error) {
        process.exitCode = exitCodes.unproven;
        const { code, message } = error instanceof HuitongError ? error : { code: 'INTERNAL', message: String(error) };
        if (options.json)
          process.stdout.write(`${JSON.stringify({ equal: null, error: { code, message } }, null, 2)}\n`);
        else process.stderr.write(`✗ 无法核对 / could not be proved: ${code}: ${message}\n`);
      }
    });
}

interface Proof {
  readonly report: { readonly equal: boolean };
  readonly text: string;
}

async function proveFacts({ subject, repair = false, json = false }: ProveOptions): Promise<Proof> {
  const { describeProof, proveRecords } = await import('./prove-records.ts');
  const report = await proveRecords({ home: homeFolder(), ...(subject ? { subject } : {}), repair, quiet: json });
  return { report, text: describeProof(report) };
}

async function proveCity(options: ProveOptions): Promise<Proof> {
  if (options.subject !== undefined || options.repair)
    throw new HuitongError(
      'REQUEST_INVALID',
      '--subject 和 --repair 不能与 --demo 同用 / --subject and --repair do not go with --demo',
    );
  const waitMs = Number(options.wait) * 1_000;
  if (!(waitMs >= 0)) throw new HuitongError('REQUEST_INVALID', '--wait 须为秒数 / --wait is a number of seconds');
  const { proveDemo } = await import('./prove-demo.ts');
  const report = await proveDemo({ home: homeFolder(), waitMs, showProgress: !options.json && process.stderr.isTTY });
  return { report, text: describeReport(report) };
}
