import { Alert } from 'antd';
import type { LagRow, PromiseState } from '../src/contract.ts';
import { useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import type { Word } from './words.ts';

const heads = [
  'dataset',
  'verdict',
  'subjectDatabase',
  'promise',
  'kept',
  'budgetLeft',
  'burn5',
  'burn30',
  'burn60',
  'burn360',
  'knownFor',
] as const;
const numbers: ReadonlySet<string> = new Set(['kept', 'budgetLeft', 'burn5', 'burn30', 'burn60', 'burn360']);

/** How the promise of freshness stands for each of these rows, what burns first. */
export function LagPromises({ rows }: { rows: readonly LagRow[] }) {
  const { live, say } = useSurroundings();
  const shown = (live.promises ?? [])
    .filter((state) =>
      rows.some((row) => row.dataset === state.dataset && row.subjectDatabase === state.subjectDatabase),
    )
    .toSorted((a, b) => gravity.indexOf(standing(a)) - gravity.indexOf(standing(b)));
  return (
    <TableSection
      title={say('promises')}
      intro={
        live.promises === null ? (
          <Alert type="error" showIcon title={say('promisesAway')} />
        ) : (
          <p className="hint">{say('promisesSay')}</p>
        )
      }
      heads={heads}
      numbers={numbers}
    >
      {shown.map((state) => (
        <Row key={`${state.subjectDatabase}/${state.dataset}`} state={state} />
      ))}
    </TableSection>
  );
}

const gravity = ['fast', 'slow', 'spent', 'unknown', 'kept'] as const;

function standing({ burning, budgetLeftMinutes, keptPercent }: PromiseState): (typeof gravity)[number] {
  if (burning.fast) return 'fast';
  if (burning.slow) return 'slow';
  if (budgetLeftMinutes < 0) return 'spent';
  return keptPercent === null ? 'unknown' : 'kept';
}

function Row({ state }: { state: PromiseState }) {
  const { say, dataset, subject, duration, count } = useSurroundings();
  const { promise, keptPercent, budgetLeftMinutes, budgetMinutes, burn, knownMinutes } = state;
  const stands = standing(state);
  const minutes = (many: number): string => `${many < 0 ? '−' : ''}${duration(Math.abs(many) * 60)}`;
  return (
    <tr>
      <th scope="row" title={state.dataset}>
        {dataset(state.dataset)}
      </th>
      <td>
        <span className={`verdict verdict-promise-${stands}`}>{say(`promise.${stands}` as Word)}</span>
      </td>
      <td>{subject(state.subjectDatabase)}</td>
      <td>
        {duration(promise.withinSeconds)}
        {say('within')} · {promise.percent} %
      </td>
      <td className="number">{keptPercent === null ? say('unknown') : `${count(keptPercent)} %`}</td>
      <td className="number">
        {minutes(budgetLeftMinutes)} / {minutes(budgetMinutes)}
      </td>
      {(['m5', 'm30', 'h1', 'h6'] as const).map((window) => (
        <td key={window} className="number">
          {burn[window] === null ? say('unknown') : `${count(burn[window])}×`}
        </td>
      ))}
      <td>{minutes(knownMinutes)}</td>
    </tr>
  );
}
