import { InvalidArgumentError, type Command } from 'commander';
import { dispositionOf, HuitongError } from '@huitong/change-event';
import type { PublishOptions } from './publish/plan.ts';
import { run } from './publish/run.ts';
import { textOf, type Summary } from './publish/summary.ts';

const exitCodes = { complete: 0, refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

const help = `
退出码 / exit codes
  0    全部收下 / all taken in
  1    有拒收的行 / some rows were refused
  2    用法或文件有误 / wrong usage or file
  3    网关不可用 / the gateway could not be reached
  130  已中断 / interrupted

例 / example
  npx huitong publish --dataset amr.enterprise-registration --mapping mappings/wuhu-enterprises.json 企业.csv

拒收的行写入 <文件>.refused.csv，附行号与原因。重复发送同一文件是安全的；中断后用同一命令继续。
同一记录标识在文件中出现多次，以后一行为准。改动映射后请给出更大的 --source-version。
Refused rows go to <file>.refused.csv with line and reason. Sending a file twice is safe; after an interruption the
same command goes on. Of rows with one record id the later wins. After a change of the mapping give a higher
--source-version than before.`;

export function register(program: Command): void {
  program
    .command('publish')
    .argument('<file>', 'CSV 或 NDJSON 文件 / a CSV or NDJSON file')
    .description('经部门网关发送一个文件 / send a file through the department gateway')
    .requiredOption('--dataset <name>', '数据资源, 如 amr.enterprise-registration / dataset')
    .option('--mapping <file>', '映射文件; 缺省按列名 / mapping file; else by the names of the columns')
    .option('--key <columns>', '记录标识列, 逗号分隔 / columns of the record id, separated by commas')
    .option('--certificate <name>', '证书; 缺省为提供部门的 / certificate; else that of the providing department')
    .option('--gateway <url>', '网关地址; 缺省为本机 / address of the gateway; else the local one')
    .option('--source-version <n>', '源记录版本; 缺省为文件修改时间 / version; else the file’s time in ms', wholeNumber)
    .option('--encoding <name>', '编码; 缺省自动识别 / encoding; else found out')
    .option('--delimiter <character>', '分隔符 / delimiter', ',')
    .option('--no-quotes', '引号是普通字符 / quotation marks are ordinary characters')
    .option('--batch <rows>', '每批行数, 至多 1000 / rows a batch, 1,000 at most', wholeNumber, 500)
    .option('--patience <seconds>', '网关不可用时最多等待 / how long to wait for the gateway', wholeNumber, 300)
    .option('--refused <file>', '拒收的行写到哪里 / where refused rows go')
    .option('--restart', '从头开始 / begin anew')
    .option('--dry-run', '只检查, 不发送也不写文件 / check only: send nothing, write nothing')
    .option('--json', '结束时输出一个 JSON 对象 / print one JSON object at the end')
    .addHelpText('after', help)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.complete : exitCodes.usage))
    .action(async (file: string, options: PublishOptions) => {
      try {
        const { summary, error } = await run(file, options);
        process.stdout.write(options.json ? `${JSON.stringify(summary, null, 2)}\n` : textOf(summary));
        process.exitCode = error ? failed(error) : exitCodeOf(summary);
      } catch (error) {
        process.exitCode = failed(known(error));
      }
    });
}

function exitCodeOf({ outcome, refused }: Summary): number {
  if (outcome === 'interrupted') return exitCodes.interrupted;
  return refused > 0 ? exitCodes.refused : exitCodes.complete;
}

function failed(error: HuitongError): number {
  process.stderr.write(`✗ ${error.code}: ${error.message}\n`);
  return dispositionOf[error.code] === 'retry' ? exitCodes.unreachable : exitCodes.usage;
}

/** A file that cannot be read or written has a code and a path; anything else is ours. */
function known(error: unknown): HuitongError {
  if (error instanceof HuitongError) return error;
  if (!(error instanceof Error) || !('syscall' in error)) throw error;
  const { code, path } = error as NodeJS.ErrnoException;
  const message = `无法读写文件，进度已保存 / cannot read or write a file; the progress is kept: ${code} ${path ?? ''}`;
  return new HuitongError('REQUEST_INVALID', message.trim(), { cause: error });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('须为非负整数 / a whole number is needed');
  return value;
}
