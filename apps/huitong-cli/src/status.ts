import type { Command } from 'commander';
import { describeParts, isRunning } from '@huitong/local-stack';
import { homeFolder } from './config.ts';
import { isReady } from './health.ts';
import { demoCity, services } from './services.ts';
import { readServiceIds, readStack, readStatus, readSupervisor } from './stack.ts';

/** One line of `huitong status`. */
interface Row {
  name: string;
  ready: boolean;
  pid: number | undefined;
  where: string;
  /** How often the supervisor started it again; unknown where Docker does that. */
  restarts: number | undefined;
}

const exitCodes = { ready: 0, 'not ready': 1, 'not running': 3 } as const;

export function register(program: Command): void {
  program
    .command('status')
    .description(
      '各部件和服务的状态; 退出码 0 全部就绪, 1 有未就绪, 3 未运行 / the state of every part and service; exit code 0 all ready, 1 something not, 3 not running',
    )
    .option('--json', '输出 JSON / print JSON')
    .action(async (options: { json?: boolean }) => {
      const report = await describeAll(homeFolder());
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : table(report));
      process.exitCode = exitCodes[report.state];
    });
}

interface Report {
  state: keyof typeof exitCodes;
  supervisor: { running: boolean; phase: string | undefined };
  rows: Row[];
}

async function describeAll(home: string): Promise<Report> {
  const stack = readStack(home);
  const status = readStatus(home);
  const supervised = isRunning(readSupervisor(home));
  const ids = readServiceIds(home);
  const restarts = (name: string) => status?.restarts[name] ?? 0;
  const parts = (await describeParts(home)).map(({ name, port, pid, ready, engine }): Row => {
    const counted = engine === 'docker' ? undefined : restarts(name);
    return { name, ready, pid, where: `127.0.0.1:${port}`, restarts: counted };
  });
  const expected = [...services, demoCity].filter(({ name }) => stack && name in stack.urls && parts.length > 0);
  const running = await Promise.all(
    expected.map(async ({ name }): Promise<Row> => {
      const where = stack!.urls[name]!;
      const ready = isRunning(ids[name]) && (await isReady(Number(new URL(where).port), stack!.certsDir));
      return { name, ready, pid: isRunning(ids[name]) ? ids[name]?.pid : undefined, where, restarts: restarts(name) };
    }),
  );
  const rows = [...parts, ...running];
  const allReady = supervised && status?.phase === 'ready' && rows.every(({ ready }) => ready);
  const state = rows.length === 0 && !supervised ? 'not running' : allReady ? 'ready' : 'not ready';
  return { state, supervisor: { running: supervised, phase: supervised ? status?.phase : undefined }, rows };
}

const stateText = {
  ready: '全部就绪 / all ready',
  'not ready': '有未就绪 / something is not ready',
  'not running': '未运行, 可用 npx huitong up 启动 / not running: start it with npx huitong up',
} as const;

function table({ state, supervisor, rows }: Report): string {
  const lines = rows.map(({ name, ready, pid, where, restarts }) =>
    [
      ready ? '✓' : '✗',
      name.padEnd(20),
      String(pid ?? '-').padStart(8),
      where.padEnd(26),
      restarts === undefined ? 'Docker' : `${restarts} restarts`,
    ].join(' '),
  );
  const orphaned = rows.length > 0 && !supervisor.running ? ['✗ 监督进程已退出 / the supervisor is gone'] : [];
  return [stateText[state], ...orphaned, ...lines, ''].join('\n');
}
