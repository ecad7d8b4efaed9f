import { InvalidArgumentError, Option, type Command } from 'commander';
import { join } from 'node:path';
import { homeFolder } from './config.ts';
import type { DemoSettings } from './demo-run.ts';

export function register(program: Command): void {
  const demo = program.command('demo').description('演示城市 / the demo city');
  const run = demo
    .command('run')
    .description(
      '以各部门身份发布一座合成城市, 直到中断; 中断后从断点继续 / publish a synthetic city as all its departments do, until interrupted; goes on where it stopped',
    )
    .addOption(number('--people <count>', '人口 / people', 20_000).env('DEMO_PEOPLE'))
    .addOption(new Option('--seed <text>', '随机种子 / seed').default('huitong').env('DEMO_SEED'))
    .addOption(
      number('--live-rate <rate>', '初始装载后每秒事件数 / events a second after the load', 20).env('DEMO_LIVE_RATE'),
    )
    .addOption(number('--port <port>', '控制端口 / control port', 8095).env('DEMO_CITY_PORT'))
    .addOption(number('--gateway-port <port>', '网关端口 / the gateway’s port', 8081).env('GATEWAY_PORT'))
    .addOption(number('--query-port <port>', '查询服务端口 / the query API’s port', 8082).env('QUERY_PORT'))
    .addOption(new Option('--certs <folder>', '证书目录 / folder of the certificates').env('CERTS_DIR'))
    .addOption(new Option('--log-level <level>').default('info').env('LOG_LEVEL'))
    .action(async (options: Omit<DemoSettings, 'home' | 'chosen' | 'certs'> & { certs?: string }) => {
      const home = homeFolder();
      const isChosen = (name: string): boolean => run.getOptionValueSource(name) !== 'default';
      // Loaded here, so that no other command waits for the web framework.
      const { runDemo } = await import('./demo-run.ts');
      const chosen = { people: isChosen('people'), seed: isChosen('seed') };
      await runDemo({ ...options, home, certs: options.certs ?? join(home, 'certs'), chosen });
    });
}

function number(flags: string, description: string, byDefault: number): Option {
  return new Option(flags, description).default(byDefault).argParser((text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0)
      throw new InvalidArgumentError('须为不小于零的数 / a number from 0 is needed');
    return value;
  });
}
