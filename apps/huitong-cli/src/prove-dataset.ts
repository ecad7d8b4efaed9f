import { setTimeout as sleep } from 'node:timers/promises';
import { HuitongError } from '@huitong/change-event';
import type { ProofRequest, ProofState } from '@huitong/governance';
import { askQueryApi } from './lag-query-client.ts';

/** What `huitong prove --dataset` says. Records are counted by bucket and kind; their ids are for their department alone. */
export interface DatasetProof {
  readonly equal: boolean;
  readonly dataset: string;
  /** Whether the source has answered in time; otherwise the proof is the one before. */
  readonly answered: boolean;
  readonly repaired: number;
  /** More rows than were allowed would have had to be changed, so none was: how many. */
  readonly refused?: number;
  readonly atMost: number;
  readonly seconds: number;
  readonly proofs: readonly ProofState[];
}

const lookEveryMs = 300;
/** What the query API allows where nothing else is said. */
const atMostDefault = 100;
const bucketsShown = 20;

/**
 * Asks for a proof of a dataset's facts against what its source holds, waits for it, and tells how they stand; with `repair` the
 * source is asked again for what is missing or altered. Throws where nothing was ever proved.
 */
export async function proveDataset(options: {
  dataset: string;
  repair: boolean;
  atMost: number | undefined;
  waitMs: number;
  quiet: boolean;
}): Promise<DatasetProof> {
  const { dataset, repair, atMost = atMostDefault, waitMs, quiet } = options;
  const since = Date.now();
  const path = `/v1/proofs/${encodeURIComponent(dataset)}/requests`;
  let { requests } = await askQueryApi<{ requests: ProofRequest[] }>(path, { repair, atMost });
  const isOpen = (): boolean => requests.some(({ outcome }) => outcome === null);
  for (let said = 0; isOpen() && Date.now() - since < waitMs; await sleep(lookEveryMs)) {
    requests = await Promise.all(
      requests.map(({ database, id }) => askQueryApi<ProofRequest>(`/v1/proof-requests/${database}/${id}`)),
    );
    if (quiet || Date.now() - said < 2_000) continue;
    said = Date.now();
    process.stderr.write(progressOf(await statesOf(dataset), Math.round((said - since) / 1_000)));
  }
  const proofs = await statesOf(dataset);
  if (isOpen() && proofs.some(({ verdict }) => verdict === 'unproven'))
    throw new HuitongError(
      'PART_FAILED',
      '来源部门未在时限内给出核对点 / the source has not sent a checkpoint in time: its adapter must run',
      { context: { dataset } },
    );
  const refused = requests.map(({ outcome }) => /^refused: (\d+)$/.exec(outcome ?? '')?.[1]).find(Boolean);
  return {
    equal: proofs.every(({ verdict }) => verdict === 'equal'),
    dataset,
    answered: !isOpen(),
    repaired: requests.reduce((sum, { repaired }) => sum + repaired, 0),
    ...(refused === undefined ? {} : { refused: Number(refused) }),
    atMost,
    seconds: Math.round((Date.now() - since) / 100) / 10,
    proofs: proofs.map((proof) => ({
      ...proof,
      bucketStates: proof.bucketStates?.filter(({ equal }) => !equal) ?? [],
    })),
  };
}

async function statesOf(dataset: string): Promise<readonly ProofState[]> {
  const query = new URLSearchParams({ dataset, buckets: 'true' });
  return (await askQueryApi<{ proofs: ProofState[] }>(`/v1/proofs?${query.toString()}`)).proofs;
}

function progressOf(proofs: readonly ProofState[], seconds: number): string {
  const sum = (of: (proof: ProofState) => number): number => proofs.reduce((total, proof) => total + of(proof), 0);
  const [proven, lanes] = [sum(({ lanesProven }) => lanesProven), sum((proof) => proof.lanes)];
  const differing = sum((proof) => proof.differing);
  const asked = sum(({ differences }) => differences.asked);
  return `… ${seconds} s: 通道 lanes ${proven}/${lanes}, 不符分组 differing buckets ${differing}, 已请来源重发 asked again ${asked}\n`;
}

/** The proof for people. */
export function describeDataset(report: DatasetProof): string {
  const { equal, answered, repaired, refused, atMost, seconds, proofs } = report;
  const lines = [
    equal
      ? '✓ 事实与来源一致 / the facts are what their source holds'
      : '✗ 事实与来源不符 / the facts are not what their source holds',
    ...proofs.flatMap(describeState),
  ];
  if (repaired > 0)
    lines.push(`  已取出或由来源替换 ${repaired} 行 / taken out or replaced by the source: ${repaired} rows`);
  if (refused !== undefined)
    lines.push(
      `  须改动 ${refused} 行, 多于允许的 ${atMost} 行, 未改动; 查明后加 --at-most ${refused} / ${refused} rows would have to be changed, ${atMost} are allowed, none was: look into it, then say --at-most ${refused}`,
    );
  if (!answered)
    lines.push(
      '  来源未在时限内应答完毕, 以上为此前的核对 / the source has not answered all in time: the above is as of before',
    );
  return `${[...lines, `  ${seconds} s`].join('\n')}\n`;
}

function describeState(proof: ProofState): string[] {
  const { dataset, database, verdict, equalAsOf, stated, held, differing, differences, bucketStates = [] } = proof;
  const name = `${dataset} (${database})`;
  if (verdict === 'equal')
    return [`✓ ${name}: 截至 ${equalAsOf} 一致 / proved equal as of ${equalAsOf}, ${held} 条 records`];
  if (verdict === 'unproven') return [`? ${name}: 尚未核对 / not proved yet`];
  const { missing, altered, extra, unstated, parked, asked } = differences;
  const kinds = `缺 missing ${missing}, 改 altered ${altered}, 多 extra ${extra}, 来源已发未计 published but not stated ${unstated}`;
  return [
    `✗ ${name}: 来源 stated ${stated}, 现有 held ${held}, 不符分组 differing buckets ${differing}`,
    `  ${kinds}; 其中 of these: 待处理 parked ${parked}, 已请来源重发 asked again ${asked}`,
    ...bucketStates.slice(0, bucketsShown).map((bucket) =>
      `  通道 lane ${bucket.lane} 分组 bucket ${bucket.bucket}: 来源 stated ${bucket.stated}, 现有 held ${bucket.held} ${Object.entries(
        bucket.records,
      )
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ')}`.trimEnd(),
    ),
    ...(bucketStates.length > bucketsShown ? ['  …'] : []),
  ];
}
