import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { homeFolder } from './config.ts';
import { describeReport } from './prove-report.ts';

const exitCodes = { equal: 0, different: 1, unproven: 2 } as const;

interface ProveOptions {
  readonly demo?: boolean;
  readonly wait: string;
  readonly subject?: string;
  readonly dataset?: string;
  readonly atMost?: string;
  readonly repair?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('prove')
    .description(
      '逐条逐项核对专题库; 退出码 0 完全一致, 1 有差异, 2 无法核对 / compare every record of every subject database with its facts, the facts of a dataset with what its source holds, or all with the truth; exit code 0 equal, 1 different, 2 could not be proved',
    )
    .option('--subject <name>', '只核对此专题库 / only this subject database')
    .option('--dataset <name>', '核对此数据资源的事实与来源 / the facts of this dataset against its source')
    .option(
      '--repair',
      '不符的记录按事实重新推导; 与 --dataset 同用: 请来源重发, 并取出无人发布的行 / derive anew what differs from its facts; with --dataset: ask the source again, and take out rows that nobody published',
    )
    .option(
      '--at-most <rows>',
      '与 --dataset --repair 同用: 至多改动的行数 (默认 100) / with these: change no more rows (default 100)',
    )
    .option('--demo', '以演示城市为准 / against the demo city')
    .option(
      '--wait <seconds>',
      '与 --demo 或 --dataset 同用: 最多等待入库或来源应答的秒数 / with --demo or --dataset: wait this long for what is published to be applied, or for the source to answer',
      '120',
    )
    .option('--json', '输出 JSON / print JSON')
    .action(async (options: ProveOptions) => {
      try {
        const { report, text } = await proofOf(options);
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

function proofOf(options: ProveOptions): Promise<Proof> {
  const { demo, dataset, subject, atMost } = options;
  if ([demo, dataset, subject].filter((one) => one !== undefined).length > 1)
    throw new HuitongError('REQUEST_INVALID', '--demo, --dataset, --subject 只能用其一 / use one of these');
  if (atMost !== undefined && (dataset === undefined || !options.repair))
    throw new HuitongError(
      'REQUEST_INVALID',
      '--at-most 须与 --dataset --repair 同用 / --at-most goes with --dataset --repair',
    );
  if (dataset !== undefined) return proveSource({ ...options, dataset });
  return demo ? proveCity(options) : proveFacts(options);
}

async function proveSource(options: ProveOptions & { dataset: string }): Promise<Proof> {
  const { dataset, repair = false, atMost, json = false } = options;
  const rows = atMost === undefined ? undefined : Number(atMost);
  if (rows !== undefined && !(Number.isInteger(rows) && rows >= 0))
    throw new HuitongError('REQUEST_INVALID', '--at-most 须为行数 / --at-most is a number of rows');
  const { describeDataset, proveDataset } = await import('./prove-dataset.ts');
  const report = await proveDataset({ dataset, repair, atMost: rows, waitMs: waitOf(options), quiet: json });
  return { report, text: describeDataset(report) };
}

function waitOf({ wait }: ProveOptions): number {
  const waitMs = Number(wait) * 1_000;
  if (!(waitMs >= 0)) throw new HuitongError('REQUEST_INVALID', '--wait 须为秒数 / --wait is a number of seconds');
  return waitMs;
}

async function proveFacts({ subject, repair = false, json = false }: ProveOptions): Promise<Proof> {
  const { describeProof, proveRecords } = await import('./prove-records.ts');
  const report = await proveRecords({ home: homeFolder(), ...(subject ? { subject } : {}), repair, quiet: json });
  return { report, text: describeProof(report) };
}

async function proveCity(options: ProveOptions): Promise<Proof> {
  if (options.repair)
    throw new HuitongError('REQUEST_INVALID', '--repair 不能与 --demo 同用 / --repair does not go with --demo');
  const waitMs = waitOf(options);
  const { proveDemo } = await import('./prove-demo.ts');
  const report = await proveDemo({ home: homeFolder(), waitMs, showProgress: !options.json && process.stderr.isTTY });
  return { report, text: describeReport(report) };
}
