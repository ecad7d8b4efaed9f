import type { LagRow } from '../src/contract.ts';

/** The verdicts, worst first. */
export const verdicts = [
  'DATA_LOST',
  'FENCED',
  'STOP',
  'BLOCKED',
  'STALL',
  'REWIND',
  'UNKNOWN',
  'WARN',
  'PARKED',
  'SILENT',
  'OK',
] as const satisfies readonly LagRow['verdict'][];

/** A verdict in its colour; the word itself says it too. */
export function Verdict({ verdict }: { verdict: LagRow['verdict'] }) {
  return <span className={`verdict ${verdictClass(verdict)}`}>{verdict}</span>;
}

/** The colour of a verdict. */
export const verdictClass = (verdict: LagRow['verdict']): string =>
  `verdict-${verdict.toLowerCase().replace('_', '-')}`;

/** The worst of some verdicts. */
export function worstOf(rows: readonly Pick<LagRow, 'verdict'>[]): LagRow['verdict'] {
  return verdicts.find((verdict) => rows.some((row) => row.verdict === verdict)) ?? 'OK';
}

/** The sum, or null as soon as one is not known. */
export function sumOf(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}
