import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HuitongError } from '@huitong/change-event';
import { dockerAnswers, dockerHoldsData } from './docker.ts';
import type { PartsRecord } from './parts-record.ts';

/** What runs the parts. */
export type Engine = PartsRecord['engine'];

/**
 * HUITONG_PARTS decides; else the data that the home folder has already, because neither engine sees those of the other;
 * else whether a Docker engine answers. Throws PART_MISSING where it must be Docker and no engine answers.
 */
export async function chooseEngine(home: string): Promise<Engine> {
  const engine = asked() ?? engineOfData(home);
  if (engine === 'process') return engine;
  if (await dockerAnswers()) return 'docker';
  if (engine === undefined) return 'process';
  throw new HuitongError(
    'PART_MISSING',
    'Docker 引擎没有应答: 请启动它, 或设 HUITONG_PARTS=process 用本地进程和另一份数据 / ' +
      'no Docker engine answers: start it, or set HUITONG_PARTS=process for local processes with data of their own',
  );
}

function asked(): Engine | undefined {
  const text = process.env.HUITONG_PARTS;
  if (text === undefined || text === '') return undefined;
  if (text === 'docker' || text === 'process') return text;
  throw new HuitongError(
    'CONFIG_INVALID',
    'HUITONG_PARTS 应为 docker 或 process / HUITONG_PARTS must be docker or process',
  );
}

function engineOfData(home: string): Engine | undefined {
  if (dockerHoldsData(home)) return 'docker';
  return existsSync(join(home, 'data', 'postgres')) ? 'process' : undefined;
}
