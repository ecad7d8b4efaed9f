import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { createCity } from '@huitong/demo-city';
import { readJson } from '@huitong/local-stack';
import { readJournal } from './demo-journal.ts';
import type { Stack } from './stack.ts';

/** `<home>/demo/progress.json`, as far as a start shows it. */
interface Progress {
  readonly phase: string;
  readonly cells: number;
  readonly cellsDone: number;
  readonly eventsSent: number;
  readonly eventsPerSecond: number;
}

/** What a person can do now: a question that works as printed, the proof, the lag, the end. Empty without a demo city. */
export function firstSteps(stack: Stack): string {
  const personId = somePerson(stack.home);
  const certs = stack.certsDir;
  const question = personId
    ? `
问一个问题（演示市民，合成数据） / ask a question (a citizen of the demo, synthetic):
  curl --cacert ${certs}/ca.pem --cert ${certs}/officer.pem --key ${certs}/officer-key.pem '${stack.urls['query-api']}/v1/subjects/population/${personId}?purpose=demo'
证明与演示城市的真值完全一致 / prove that all records equal the demo city's truth:
  npx huitong prove --demo
`
    : '';
  return `${question}打开运行控制台, 先按提示导入证书 / open the operations console, after importing a certificate as this says:
  npx huitong certificate export operator
  ${stack.urls['operations-console']}
看各数据资源落后多少 / see how far each dataset is behind:
  npx huitong lag
停止 / stop:
  npx huitong down
`;
}

/** The first living subject of the city's first cells; the city is a pure function of its journal. */
function somePerson(home: string): string | undefined {
  const journal = readJournal(home);
  if (!journal) return undefined;
  const city = createCity(journal);
  for (let cell = 0; cell < Math.min(city.cells, 20); cell += 1)
    for (const { dataset, subjectId, event } of city.facts(cell, 0, () => 0).values())
      if (dataset === 'psb.household-register' && event.verb === 'CREATED') return subjectId;
  return undefined;
}

/** Shows the demo city's initial load until it is done, `stopped` says so, or nothing tells of it. */
export async function showLoad(home: string, stopped: () => boolean): Promise<void> {
  const read = (): Progress | undefined => readJson<Progress>(join(home, 'demo', 'progress.json'));
  const bar = process.stderr.isTTY
    ? new SingleBar({ format: '演示城市载入 / loading the demo city [{bar}] {percentage}% {eventsPerSecond} events/s' })
    : undefined;
  let told = 0;
  for (let progress = read(); !stopped(); progress = read()) {
    if (progress?.phase === 'live') {
      bar?.stop();
      process.stderr.write(
        `✓ 演示城市已载入，变更持续中 / the demo city is loaded and alive (${progress.eventsSent} events)\n`,
      );
      return;
    }
    if (progress && bar) {
      if (!bar.isActive) bar.start(progress.cells, 0, progress);
      bar.update(progress.cellsDone, progress);
    } else if (progress && Date.now() - told > 10_000) {
      told = Date.now();
      process.stderr.write(`… 演示城市载入 / loading the demo city: ${progress.cellsDone}/${progress.cells}\n`);
    }
    await sleep(500);
  }
  bar?.stop();
}
