import { createHmac } from 'node:crypto';
import { HuitongError } from '@huitong/change-event';
import { ensureSecrets } from '@huitong/local-stack';
import { openDatabase, translateDatabaseError, type Database } from '@huitong/postgres';
import {
  compareRecords,
  repairRecords,
  type DifferenceCounts,
  type RecordDifference,
  type SubjectPlan,
} from '@huitong/subject-engine';
import { databases } from '@huitong/subjects';
import { RecordsProgress } from './rebuild-progress.ts';
import { databaseUrl, readStack, type Stack } from './stack.ts';

/** Differences as they may be shown: the same id has the same hash in every report of one installation. */
export interface ShownDifferences {
  readonly missing: number;
  readonly extra: number;
  readonly differing: number;
  readonly fields: Readonly<Record<string, number>>;
  readonly examples: readonly { idHash: string; kind: RecordDifference['kind']; fields: readonly string[] }[];
}

/** What `huitong prove` says of one subject database. */
export interface SubjectProof extends ShownDifferences {
  readonly subject: string;
  readonly equal: boolean;
  /** Every record was equal to the function of its facts at some instant from `asOf` to `until`. */
  readonly asOf: string;
  readonly until: string;
  readonly compared: number;
  readonly repaired: number;
  readonly seconds: number;
}

/** The outcome of `huitong prove`; `equal` also where all that differed was repaired. */
export interface RecordsProof {
  readonly equal: boolean;
  readonly subjects: readonly SubjectProof[];
}

const examplesShown = 10;

/** Holds the records of the subject databases against their facts, beside traffic; `repair` derives anew what differs. */
export async function proveRecords(options: {
  home: string;
  subject?: string;
  repair: boolean;
  quiet: boolean;
}): Promise<RecordsProof> {
  const stack = runningStack(options.home);
  const subjects = subjectNames(options.subject);
  const proofs: SubjectProof[] = [];
  for (const name of subjects)
    proofs.push(
      await withOwner(stack, name, async (database, subject) => {
        const progress = new RecordsProgress(name, options.quiet);
        const onProgress = progress.show.bind(progress);
        const since = Date.now();
        const sweep = options.repair ? repairRecords : compareRecords;
        const found = await sweep(database, subject, { onProgress }).finally(() => progress.stop());
        const wrong = found.missing + found.extra + found.differing;
        return {
          subject: name,
          equal: wrong === found.repaired,
          asOf: found.asOf.toISOString(),
          until: found.until.toISOString(),
          compared: found.compared,
          repaired: found.repaired,
          seconds: Math.round((Date.now() - since) / 100) / 10,
          ...shownDifferences(found, options.home),
        };
      }),
    );
  return { equal: proofs.every(({ equal }) => equal), subjects: proofs };
}

/** The proof for people: a line a subject database, then what differs. */
export function describeProof({ equal, subjects }: RecordsProof): string {
  const lines = subjects.flatMap((proof) => {
    const { subject, asOf, compared, repaired, seconds } = proof;
    const verdict =
      proof.missing + proof.extra + proof.differing === 0
        ? `✓ ${subject.padEnd(20)} 截至 ${asOf} 一致 / proved equal as of ${asOf}`
        : `${proof.equal ? '✓' : '✗'} ${subject.padEnd(20)} ${describeCounts(proof)}, 已修复 repaired ${repaired}`;
    return [`${verdict}, ${compared} 条 ids, ${seconds} s`, ...describeDifferences(proof)];
  });
  const repaired = subjects.some((proof) => proof.repaired > 0);
  const sum = !equal
    ? '✗ 有记录与事实不符; 加 --repair 可重新推导 / records differ from their facts; --repair derives them anew'
    : repaired
      ? '✓ 不符的记录已按事实重新推导 / the records that differed were derived anew from their facts'
      : '✓ 每条记录都与事实推导一致 / every record is what its facts say';
  return `${[sum, ...lines].join('\n')}\n`;
}

export const describeCounts = ({ missing, extra, differing }: ShownDifferences): string =>
  `缺 missing ${missing}, 多 extra ${extra}, 不同 differing ${differing}`;

export function describeDifferences({ fields, examples }: ShownDifferences): string[] {
  return [
    ...Object.entries(fields).map(([field, count]) => `  ${field}: ${count}`),
    ...examples.map(({ idHash, kind, fields: names }) => `  ${idHash} ${kind} ${names.join(', ')}`.trimEnd()),
  ];
}

/** Hashes the ids with the installation's own secret: whoever has no access to the database learns nothing from a report. */
export function shownDifferences(counts: DifferenceCounts, home: string): ShownDifferences {
  const salt = ensureSecrets(home).huitong_sync;
  const { missing, extra, differing, fields, examples } = counts;
  return {
    missing,
    extra,
    differing,
    fields,
    examples: examples.slice(0, examplesShown).map(({ id, kind, fields: names }) => ({
      idHash: createHmac('sha256', salt).update(id).digest('hex').slice(0, 16),
      kind,
      fields: names,
    })),
  };
}

export function runningStack(home: string): Stack {
  const stack = readStack(home);
  if (!stack)
    throw new HuitongError(
      'PART_MISSING',
      '未启动, 请运行 npx huitong up / nothing is up: start it with npx huitong up',
    );
  return stack;
}

/** Runs `work` on the database that holds a subject, as its tables' owner. */
export async function withOwner<Result>(
  stack: Stack,
  name: string,
  work: (database: Database, subject: SubjectPlan) => Promise<Result>,
): Promise<Result> {
  const [database, plan] = [...databases].find(([, { subjects }]) =>
    subjects.some((subject) => subject.name === name),
  )!;
  const pool = openDatabase({
    url: databaseUrl(stack, 'huitong_sync', database),
    applicationName: 'huitong-cli',
    // A rebuild takes four.
    connectionsMax: 5,
  });
  try {
    return await work(
      pool,
      plan.subjects.find((subject) => subject.name === name)!,
    );
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    await pool.end();
  }
}

/** The named subject, or all; throws REQUEST_INVALID where there is none of that name. */
export function subjectNames(name?: string): string[] {
  const all = [...databases.values()].flatMap(({ subjects }) => subjects.map((subject) => subject.name));
  if (name === undefined) return all;
  if (!all.includes(name))
    throw new HuitongError(
      'REQUEST_INVALID',
      `专题库只有 ${all.join(', ')} / the subject databases are ${all.join(', ')}`,
    );
  return [name];
}
