import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import iconv from 'iconv-lite';
import { datasets } from '@huitong/change-event';
import { createTopicAdmin } from '@huitong/event-stream';
import { creditCodeCheckCharacter } from '@huitong/identifiers';
import { freePort } from '@huitong/local-stack';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const cli = pathOf('../dist/main.js');
const gatewayMain = pathOf('../../department-gateway/dist/main.js');
/** 5,950 real registrations, kept beside the repository because of their licence. */
const dataset = 'amr.enterprise-registration';
const header = '企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址';

let folder: string;
let port: number;
let gateway: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huitong-publish-'));
  const admin = createTopicAdmin({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'publish-e2e' });
  await admin.ensureTopics([{ topic: datasets[dataset].topic, partitions: 12 }]);
  await admin.disconnect();
  port = await freePort();
}, 600_000);

afterAll(async () => {
  await stopGateway();
  await rm(folder, { recursive: true, force: true });
}, 600_000);

async function startGateway(): Promise<void> {
  gateway = spawn(process.execPath, [gatewayMain], {
    env: { ...process.env, GATEWAY_PORT: String(port) },
    stdio: 'ignore',
  });
  const ca = await readFile(join(process.env['CERTS_DIR']!, 'ca.pem'));
  const isReady = () =>
    new Promise<boolean>((resolve) => {
      get({ host: '127.0.0.1', port, path: '/health/ready', ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      }).on('error', () => resolve(false));
    });
  for (let attempt = 0; !(await isReady()); attempt++) {
    if (attempt > 300) throw new Error('the gateway did not become ready');
    await sleep(100);
  }
}

async function stopGateway(): Promise<void> {
  if (!gateway || gateway.exitCode !== null) return;
  gateway.kill('SIGTERM');
  await once(gateway, 'exit');
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; errors: string; summary: Record<string, unknown> }>;
}

function publish(...args: string[]): Run {
  const child = spawn(process.execPath, [cli, 'publish', '--dataset', dataset, '--json', ...args], {
    env: { ...process.env, GATEWAY_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    errors,
    summary: (output ? JSON.parse(output) : {}) as Record<string, unknown>,
  }));
  return { child, ended };
}

async function published(): Promise<number> {
  const admin = createTopicAdmin({ brokers: process.env['KAFKA_BROKERS']!.split(','), clientId: 'publish-e2e' });
  const offsets = await admin.endOffsets([datasets[dataset].topic]);
  await admin.disconnect();
  return [...offsets.values()].flat().reduce((sum, offset) => sum + offset, 0);
}

/** A synthetic extract in GB18030: every code is valid but one, one row repeats the first row's code. */
async function synthetic(name: string, rows: number): Promise<string> {
  const lines = Array.from({ length: rows }, (_, index) => {
    const first17 = `91340200PDY${String(index % (rows - 1)).padStart(6, '0')}`;
    const code = index === 7 ? 'NONE' : first17 + creditCodeCheckCharacter(first17);
    return `芜湖市样例第${index}公司,${code},2001/2/3,N/A,周某,"1,050(万元)",镕基、𠮷祥,安徽,芜湖,样例路${index}号`;
  });
  const file = join(folder, name);
  await writeFile(file, iconv.encode([header, ...lines, ''].join('\r\n'), 'gb18030'));
  return file;
}

const journals = (): Promise<string[]> => readdir(join(process.env['HUITONG_HOME']!, 'publish')).catch(() => []);
async function rowsDone(): Promise<number> {
  // Beside a journal may lie its next version, still being written.
  for (const name of (await journals()).filter((file) => file.endsWith('.json'))) {
    const text = await readFile(join(process.env['HUITONG_HOME']!, 'publish', name), 'utf8').catch(() => '{}');
    const { tally } = JSON.parse(text) as { tally?: { rows: number } };
    if (tally && tally.rows > 0) return tally.rows;
  }
  return 0;
}

describe('huitong publish', () => {
  it('gives up on an absent gateway in time, keeps the progress, and waits for one that comes', async () => {
    const file = await synthetic('late.csv', 10);
    const { code, errors, summary } = await publish('--patience', '1', file).ended;
    expect([code, summary['outcome'], summary['rows']]).toEqual([3, 'unreachable', 0]);
    expect(errors).toContain('ECONNREFUSED');
    const waiting = publish(file);
    await sleep(1_000);
    await startGateway();
    const late = await waiting.ended;
    expect(late.code).toBe(1);
    expect(late.errors).toContain('网关暂不可用');
    expect(late.summary).toMatchObject({ outcome: 'complete', accepted: 9, refused: 1 });
  }, 600_000);

  it('sends a GB18030 file, tells what was refused where and why, and may be repeated', async () => {
    const file = await synthetic('企业.csv', 1_200);
    const before = await published();
    const { code, errors, summary } = await publish(file).ended;
    expect(code).toBe(1);
    expect(summary).toMatchObject({
      encoding: 'gb18030',
      mapping: 'mappings/wuhu-enterprises.json',
      rows: 1_200,
      accepted: 1_199,
      refusedByCode: { IDENTIFIER_INVALID: 1 },
      repeated: 1,
      refusals: [{ line: 9, code: 'IDENTIFIER_INVALID', field: 'data.creditCode' }],
    });
    // And a checkpoint on each partition, of what this adapter has published.
    expect(await published()).toBe(before + 1_199 + 12);
    const refused = (await readFile(`${file}.refused.csv`, 'utf8')).split('\r\n');
    expect(refused[0]).toBe(`\uFEFF${header},行号 line,代码 code,字段 field,原因 reason`);
    expect(refused[1]).toMatch(/^芜湖市样例第7公司,NONE,.*,9,IDENTIFIER_INVALID,data\.creditCode,标识不符/);
    expect(`${errors}${JSON.stringify(summary)}`).not.toMatch(/NONE|样例/);
    expect(await journals()).toEqual([]);
    expect((await publish(file).ended).summary).toMatchObject({ accepted: 1_199, resumedAt: 0 });
  }, 600_000);

  it('goes on after a kill and after an interruption', async () => {
    const file = await synthetic('long.csv', 30_000);
    let done = 0;
    for (const [signal, code] of [
      ['SIGKILL', null],
      ['SIGINT', 130],
    ] as const) {
      const { child, ended } = publish('--batch', '100', file);
      while ((await rowsDone()) <= done) await sleep(10);
      done = await rowsDone();
      child.kill(signal);
      expect((await ended).code).toBe(code);
    }
    const { code, summary } = await publish(file).ended;
    expect(code).toBe(1);
    expect(summary['resumedAt']).toBeGreaterThanOrEqual(done);
    expect(summary).toMatchObject({ rows: 30_000, accepted: 29_999, refused: 1, repeated: 1 });
    expect((await readFile(`${file}.refused.csv`, 'utf8')).split('\r\n')).toHaveLength(3);
  }, 600_000);

  it('says what is wrong with its usage', async () => {
    const file = await synthetic('usage.csv', 10);
    const codeOf = async (...args: string[]) => {
      const { code, errors } = await publish(...args).ended;
      return [code, /✗ ([A-Z_]+)/.exec(errors)?.[1]];
    };
    expect(await codeOf('--certificate', 'officer', file)).toEqual([2, 'NOT_PERMITTED']);
    expect(await codeOf('--certificate', 'nobody-known', file)).toEqual([2, 'REQUEST_INVALID']);
    expect(await codeOf('--dataset', 'psb.household-register', file)).toEqual([2, 'CONFIG_INVALID']);
    expect(await codeOf('--batch', 'many', file)).toEqual([2, undefined]);
    expect(await codeOf(join(folder, 'none.csv'))).toEqual([2, 'REQUEST_INVALID']);
  }, 600_000);
});
