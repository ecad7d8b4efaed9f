import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { homeFolder } from './config.ts';

const exitCodes = { ended: 0, usage: 2 } as const;

const help = `
退出码 / exit codes
  0    由信号结束 / ended by a signal
  2    用法有误, 或被拒绝 / wrong usage, or not permitted

huitong publish 结束后无人应答核对的询问; 本命令一直应答, 直到 Ctrl-C。只读 registers/publish.sqlite, 不读原文件。
When huitong publish has ended nobody answers what a proof asks; this command does, until Ctrl-C. It reads
registers/publish.sqlite, not the files.

例 / example
  npx huitong answer
  npx huitong prove --dataset amr.enterprise-registration --repair`;

interface AnswerOptions {
  readonly gateway?: string;
  readonly query?: string;
  readonly certificate?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  program
    .command('answer')
    .description(
      '一直应答对已发布文件的核对询问 / keep answering what proofs ask about the files that were published from here',
    )
    .option('--certificate <name>', '证书; 缺省为各数据资源提供部门的 / certificate; else each providing department’s')
    .option('--gateway <url>', '网关地址; 缺省为本机 / address of the gateway; else the local one')
    .option('--query <url>', '查询服务地址; 缺省为本机 / address of the query API; else the local one')
    .option('--json', '每次应答输出一行 JSON / print a line of JSON for each answer')
    .addHelpText('after', help)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ended : exitCodes.usage))
    .action(async (options: AnswerOptions) => {
      try {
        await answer(options);
      } catch (error) {
        if (!(error instanceof HuitongError)) throw error;
        process.stderr.write(`✗ ${error.code}: ${error.message}\n`);
        process.exitCode = exitCodes.usage;
      }
    });
}

async function answer({ certificate, json, ...given }: AnswerOptions): Promise<void> {
  const { addressesOf } = await import('./publish/addresses.ts');
  const { keepAnswering } = await import('./publish/answering.ts');
  const { queryUrl, ...addresses } = addressesOf(given);
  if (queryUrl === undefined)
    throw new HuitongError(
      'REQUEST_INVALID',
      '不知查询服务在何处, 请先 npx huitong up, 或用 --query 指明 / there is no query API to ask: run npx huitong up, or name one with --query',
    );
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let waitingFor: string | undefined;
  await keepAnswering({
    ...{ home: homeFolder(), certificate, addresses: { ...addresses, queryUrl }, signal: ending.signal },
    onHeld: (held) =>
      say(
        held.length > 0
          ? `应答中, Ctrl-C 结束 / answering, Ctrl-C ends it: ${held.join(', ')}`
          : '尚未发布过文件, 等待中 / no file has been published from here yet: waiting',
      ),
    onAnswered: (dataset, requests) => {
      waitingFor = undefined;
      const kinds = Object.fromEntries(
        [...Map.groupBy(requests, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length]),
      );
      if (json) process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), dataset, answered: kinds })}\n`);
      else say(`✓ ${dataset}: 已应答 / answered ${Object.entries(kinds).flat().join(' ')}`);
    },
    onWaiting: (why) => {
      // Of many alike the first is enough: an outage may last.
      if (why !== waitingFor) say(`… 暂不可用, 稍后再试 / away now, trying on: ${why}`);
      waitingFor = why;
    },
  });
}
