import { createHmac } from 'node:crypto';
import type { Difference } from '@huitong/demo-city';

/** What was compared in one subject database. */
export interface SubjectTally {
  expected: number;
  equal: number;
  missing: number;
  extra: number;
  differing: number;
  /** Records whose ids are not of the demo city: somebody else published them. */
  notOfTheCity: number;
}

/** A record that differs; the id is hidden, the cell lets a developer make the same record again. */
export interface Example {
  readonly subject: string;
  readonly idHash: string;
  readonly cells: string;
  readonly kind: Difference['kind'];
  readonly fields: readonly string[];
}

/** The outcome of `huitong prove --demo`. */
export interface ProofReport {
  readonly equal: boolean;
  readonly cells: { readonly all: number; readonly compared: number; readonly uncertain: number };
  readonly steps: number;
  readonly subjects: Readonly<Record<string, SubjectTally>>;
  /** How often each field differs. */
  readonly fields: Readonly<Record<string, number>>;
  readonly examples: readonly Example[];
  readonly waitedSeconds: number;
  readonly seconds: number;
}

const examplesMax = 10;

/** Counts what the comparison finds and keeps a few examples, without a value of any record. */
export class Tally {
  readonly subjects: Record<string, SubjectTally> = {};
  readonly fields: Record<string, number> = {};
  readonly examples: Example[] = [];
  readonly #salt: string;

  constructor(salt: string, subjects: readonly string[]) {
    this.#salt = salt;
    for (const name of subjects)
      this.subjects[name] = { expected: 0, equal: 0, missing: 0, extra: 0, differing: 0, notOfTheCity: 0 };
  }

  get equal(): boolean {
    return Object.values(this.subjects).every(({ missing, extra, differing }) => missing + extra + differing === 0);
  }

  add(
    subject: string,
    found: { expected: number; equal: number; differences: readonly Difference[]; cells: string },
  ): void {
    const tally = this.subjects[subject]!;
    tally.expected += found.expected;
    tally.equal += found.equal;
    for (const { id, kind, fields } of found.differences) {
      tally[kind] += 1;
      for (const field of fields) this.fields[`${subject}.${field}`] = (this.fields[`${subject}.${field}`] ?? 0) + 1;
      const idHash = createHmac('sha256', this.#salt).update(id).digest('hex').slice(0, 16);
      if (this.examples.length < examplesMax) this.examples.push({ subject, idHash, cells: found.cells, kind, fields });
    }
  }
}

/** The report for people. */
export function describeReport(report: ProofReport): string {
  const { subjects, fields, examples, cells } = report;
  const lines = Object.entries(subjects).map(([name, tally]) => {
    const wrong = tally.missing + tally.extra + tally.differing;
    const parts = [`应有 expected ${tally.expected}`, `一致 equal ${tally.equal}`];
    if (wrong > 0)
      parts.push(`缺 missing ${tally.missing}`, `多 extra ${tally.extra}`, `不同 differing ${tally.differing}`);
    if (tally.notOfTheCity > 0) parts.push(`非本城 not of the city ${tally.notOfTheCity}`);
    return `${wrong === 0 ? '✓' : '✗'} ${name.padEnd(20)} ${parts.join(', ')}`;
  });
  const verdict = report.equal
    ? '✓ 逐条逐项完全一致 / every field of every record is equal'
    : '✗ 有差异 / there are differences';
  const partly =
    cells.compared < cells.all
      ? [`  已核对 ${cells.compared} / ${cells.all} 个单元 / cells compared; ${cells.uncertain} 未定 uncertain`]
      : [];
  return [
    verdict,
    ...partly,
    ...lines,
    ...Object.entries(fields).map(([field, count]) => `  ${field}: ${count}`),
    ...examples.map(({ subject, idHash, cells: where, kind, fields: names }) =>
      `  ${subject} ${idHash} (cells ${where}) ${kind} ${names.join(', ')}`.trimEnd(),
    ),
    `  ${report.steps} 步 steps, 等待 waited ${report.waitedSeconds} s, 共 in all ${report.seconds} s`,
    '',
  ].join('\n');
}
