import { Empty, Select } from 'antd';
import { useState } from 'react';
import type { LagRow } from '../src/contract.ts';
import { go, lagAddress, useAddress } from './address.tsx';
import { ExportTable } from './export-table.tsx';
import { LagCourse } from './lag-course.tsx';
import { LagGroups } from './lag-groups.tsx';
import { LagPromises } from './lag-promises.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { Expand, Table } from './table-frame.tsx';
import { Verdict, verdicts } from './verdict.tsx';

const filterNames = ['department', 'subjectDatabase', 'dataset', 'verdict'] as const;
type Filter = (typeof filterNames)[number];

/** How far each dataset is applied, worst first, with its lanes; the filters are in the address. */
export function LagPage() {
  const { live, say, dataset, subject, department } = useSurroundings();
  const { query } = useAddress();
  const filters = Object.fromEntries(filterNames.map((name) => [name, query.get(name) ?? undefined]));
  const lane = query.get('lane') ?? undefined;
  const inLane = (row: LagRow): LagRow =>
    lane === undefined ? row : { ...row, lanes: row.lanes.filter((one) => one.lane === Number(lane)) };
  const rows = live.lag
    .filter((row) => filterNames.every((name) => !filters[name] || row[name] === filters[name]))
    .map(inLane)
    .toSorted(
      (a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict) || (b.seconds ?? 0) - (a.seconds ?? 0),
    );
  const titleOf: Record<Filter, (value: string) => string> = {
    department,
    subjectDatabase: subject,
    dataset,
    verdict: (value) => value,
  };
  const options = (name: Filter) => [
    { value: '', label: say('all') },
    ...[...new Set(live.lag.map((row) => row[name]))].map((value) => ({ value, label: titleOf[name](value) })),
  ];
  return (
    <>
      <div className="filters" role="group" aria-label={say('filters')}>
        {filterNames.map((name) => (
          <label key={name}>
            <span>{say(name)}</span>
            <Select<string>
              aria-label={say(name)}
              value={filters[name] ?? ''}
              options={options(name)}
              popupMatchSelectWidth={false}
              onChange={(value) => go(lagAddress({ ...filters, lane, [name]: value }))}
            />
          </label>
        ))}
        <label>
          <span>{say('lane')}</span>
          <Select<string>
            aria-label={say('lane')}
            value={lane ?? ''}
            options={[
              { value: '', label: say('all') },
              ...[...new Set(live.lag.flatMap((row) => row.lanes.map((one) => one.lane)))]
                .toSorted((a, b) => a - b)
                .map((one) => ({ value: String(one), label: String(one) })),
            ]}
            onChange={(value) => go(lagAddress({ ...filters, lane: value }))}
          />
        </label>
      </div>
      <SavedFilters />
      <ExportTable name="lag" of={filters} isIdle={rows.length === 0} />
      <LagTable key={lane} rows={rows} areOpen={lane !== undefined} />
      <LagPromises rows={rows} />
      <LagCourse />
      <LagGroups />
    </>
  );
}

const keyOf = ({ subjectDatabase, dataset }: LagRow): string => `${subjectDatabase}/${dataset}`;

/** With one lane chosen, what is said of it stands open. */
function LagTable({ rows, areOpen }: { rows: readonly LagRow[]; areOpen: boolean }) {
  const { say } = useSurroundings();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void => setOpen((before) => before.symmetricDifference(new Set([key])));
  if (rows.length === 0) return <Empty description={say('nothing')} />;
  return (
    <Table name={say('lag')} heads={['', ...columns]} numbers={numeric}>
      {rows.map((row) => (
        <Row key={keyOf(row)} row={row} open={open.has(keyOf(row)) !== areOpen} toggle={() => toggle(keyOf(row))} />
      ))}
    </Table>
  );
}

const columns = [
  'verdict',
  'department',
  'dataset',
  'subjectDatabase',
  'records',
  'seconds',
  'trend',
  'clears',
  'rate',
  'asOf',
] as const;
const numeric: ReadonlySet<string> = new Set(['records', 'seconds', 'rate']);

function Row({ row, open, toggle }: { row: LagRow; open: boolean; toggle: () => void }) {
  const { say, language, dataset, subject, department, count, duration } = useSurroundings();
  const { verdict, clearsInSeconds, records, trend, appliedPerSecond, asOf } = row;
  const clears =
    records === null || trend === 'unknown'
      ? say('unknown')
      : clearsInSeconds
        ? duration(clearsInSeconds)
        : trend === 'growing'
          ? say('never')
          : '–';
  return (
    <>
      <tr>
        <td>
          <Expand
            isOpen={open}
            name={`${say('lanes')}: ${dataset(row.dataset)} → ${subject(row.subjectDatabase)}`}
            toggle={toggle}
          />
        </td>
        <td>
          <div className="judged">
            <Verdict verdict={verdict} />
            {verdict !== 'OK' && <span className="sentence">{row.sentence[language]}</span>}
          </div>
        </td>
        <td>{department(row.department)}</td>
        <th scope="row" title={row.dataset}>
          {dataset(row.dataset)}
        </th>
        <td>{subject(row.subjectDatabase)}</td>
        <td className="number">{count(records)}</td>
        <td className="number">{duration(row.seconds)}</td>
        <td>{say(trend)}</td>
        <td>{clears}</td>
        <td className="number">
          {appliedPerSecond === null ? say('unknown') : `${count(appliedPerSecond)} ${say('perSecond')}`}
        </td>
        <td>
          <Time at={asOf} />
        </td>
      </tr>
      {open && (
        <tr className="opened">
          <td />
          <td colSpan={columns.length}>
            <Lanes row={row} />
          </td>
        </tr>
      )}
    </>
  );
}

function Lanes({ row }: { row: LagRow }) {
  const { say, count, dataset } = useSurroundings();
  return (
    <table className="lanes">
      <caption>
        {dataset(row.dataset)} · {say('lanes')}
      </caption>
      <thead>
        <tr>
          {(['lane', 'verdict', 'records', 'asOf'] as const).map((word) => (
            <th key={word} scope="col">
              {say(word)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {row.lanes.map(({ lane, verdict, records, asOf }) => (
          <tr key={lane}>
            <th scope="row">{lane}</th>
            <td>
              <Verdict verdict={verdict} />
            </td>
            <td>{count(records)}</td>
            <td>
              <Time at={asOf} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
