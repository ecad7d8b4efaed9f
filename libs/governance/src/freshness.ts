import type { DatasetName } from '@huitong/change-event';
import { lagSentences, worst, type LagVerdict } from './lag-verdict.ts';
import { instantOf, secondsOf, type LagWatch, type LaneRow } from './lag-watch.ts';
import type { SubjectPlace } from './subject-database.ts';

/** How fresh a subject's record is with respect to one dataset; null is not known. */
interface DatasetFreshness {
  readonly dataset: DatasetName;
  readonly asOf: string | null;
  readonly secondsBehind: number | null;
  readonly recordsBehind: number | null;
  readonly verdict: LagVerdict;
}

/** How fresh a subject's record is: the worst of its datasets. All that any source recorded before `asOf` is in it. */
export interface Freshness extends Omit<DatasetFreshness, 'dataset'> {
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly datasets: readonly DatasetFreshness[];
}

/**
 * The freshness of a record that is read after these lane rows. A dataset that has never been heard in these lanes is
 * listed as UNKNOWN, but does not make the whole unknown: there is nothing of it to be behind on.
 */
export function freshnessOf(watch: LagWatch, place: SubjectPlace, lanes: readonly LaneRow[]): Freshness {
  const readings = place.subject.factTables.map((fact) => ({
    dataset: fact.dataset,
    reading: watch.readingOf(place.database, fact, lanes),
  }));
  const heard = readings.filter(({ reading }) => reading.everHeard).map(({ reading }) => reading);
  const every = (values: (number | undefined)[]): number[] | undefined =>
    values.length > 0 && values.every((value) => value !== undefined) ? values : undefined;
  const asOf = every(heard.map(({ asOfMs }) => asOfMs));
  const seconds = every(heard.map(({ seconds }) => seconds));
  const records = every(heard.map(({ records }) => records));
  const verdict = heard.length > 0 ? worst(heard.map((reading) => reading.verdict)) : 'UNKNOWN';
  return {
    asOf: instantOf(asOf && Math.min(...asOf)),
    secondsBehind: seconds ? Math.round(Math.max(...seconds) * 1_000) / 1_000 : null,
    recordsBehind: records ? records.reduce((sum, count) => sum + count, 0) : null,
    verdict,
    sentence: lagSentences[verdict],
    datasets: readings.map(({ dataset, reading }) => ({
      dataset,
      asOf: instantOf(reading.asOfMs),
      secondsBehind: secondsOf(reading),
      recordsBehind: reading.records ?? null,
      verdict: reading.verdict,
    })),
  };
}
