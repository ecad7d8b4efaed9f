import { Button, Input, InputNumber } from 'antd';
import { Fragment, useState } from 'react';
import type { BucketState, ProofState } from '../src/contract.ts';
import { completenessAddress, Link } from './address.tsx';
import { useAsking } from './asking.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { Table, TableSection } from './table-frame.tsx';
import { words, type Word } from './words.ts';

/** One dataset in one database: a picture of its buckets, the same in tables, and what is to be done about it. */
export function CompletenessDataset({ proof, asked }: { proof: ProofState; asked: () => void }) {
  const { say, dataset, subject, session } = useSurroundings();
  const { verdict, equalAsOf, bucketStates = [] } = proof;
  return (
    <>
      <p>
        <Link href={completenessAddress({})}>← {say('allDatasets')}</Link>
      </p>
      <h2>
        {dataset(proof.dataset)} · {subject(proof.database)}{' '}
        <span className={`verdict verdict-${verdict}`}>{say(`proof.${verdict}`)}</span>
      </h2>
      <p>
        {say('equalAsOf')}:{' '}
        <strong>
          <Time at={equalAsOf} />
        </strong>{' '}
        · {say('registers')}: {proof.registers.join(', ') || '–'}
      </p>
      {session.role === 'operator' && <Ask proof={proof} asked={asked} />}
      <HeatMap lanes={proof.lanes} buckets={bucketStates} />
      <Lanes lanes={proof.lanes} buckets={bucketStates} />
      <Differing buckets={bucketStates.filter(({ equal }) => !equal)} />
    </>
  );
}

/** How many records differ, by kind; what is not a kind of difference is left out. */
export function Kinds({ records }: { records: object }) {
  const { say, count } = useSurroundings();
  const kinds = (Object.entries(records) as [string, number][]).filter(
    ([kind, number]) => `kind.${kind}` in words && number > 0,
  );
  if (kinds.length === 0) return <>–</>;
  return (
    <ul className="outcomes">
      {kinds.map(([kind, number]) => (
        <li key={kind}>
          {say(`kind.${kind}` as Word)} <strong>{count(number)}</strong>
        </li>
      ))}
    </ul>
  );
}

const bucketsOfLane = 64;
type Shade = 'equal' | 'differs' | 'located' | 'unproven';
const shadeOf = (state: BucketState | undefined): Shade =>
  state === undefined ? 'unproven' : state.equal ? 'equal' : state.narrowed ? 'located' : 'differs';
const shades = {
  equal: 'bucketEqual',
  differs: 'bucketDiffers',
  located: 'bucketLocated',
  unproven: 'bucketUnproven',
} as const;

function HeatMap({ lanes, buckets }: { lanes: number; buckets: readonly BucketState[] }) {
  const { say } = useSurroundings();
  const stateOf = new Map(buckets.map((state) => [state.lane * bucketsOfLane + state.bucket, state]));
  return (
    <section aria-labelledby="heat">
      <h2 id="heat">{say('heatMap')}</h2>
      <p className="hint">{say('heatSays')}</p>
      <div className="heat" role="img" aria-labelledby="heat">
        {Array.from({ length: lanes }, (_, lane) => (
          <Fragment key={lane}>
            <span>{lane}</span>
            {Array.from({ length: bucketsOfLane }, (__, bucket) => {
              const shade = shadeOf(stateOf.get(lane * bucketsOfLane + bucket));
              return <i key={bucket} className={shade} title={`${lane} / ${bucket}: ${say(shades[shade])}`} />;
            })}
          </Fragment>
        ))}
      </div>
      <ul className="legend">
        {(Object.keys(shades) as Shade[]).map((shade) => (
          <li key={shade}>
            <i className={shade} />
            {say(shades[shade])}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lanes({ lanes, buckets }: { lanes: number; buckets: readonly BucketState[] }) {
  const { say, count } = useSurroundings();
  const byLane = Map.groupBy(buckets, ({ lane }) => lane);
  return (
    <Table name={say('lanes')} heads={['lane', 'buckets', 'differing', 'stated', 'held', 'asOf']} isNarrow>
      {Array.from({ length: lanes }, (_, lane) => {
        const states = byLane.get(lane) ?? [];
        const sum = (of: 'stated' | 'held'): string =>
          count(states.length === 0 ? null : states.reduce((total, state) => total + state[of], 0));
        return (
          <tr key={lane}>
            <th scope="row">{lane}</th>
            <td>{states.length}</td>
            <td>{states.filter(({ equal }) => !equal).length}</td>
            <td>{sum('stated')}</td>
            <td>{sum('held')}</td>
            <td>
              <Time at={states[0]?.asOf ?? null} />
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

function Differing({ buckets }: { buckets: readonly BucketState[] }) {
  const { say, count } = useSurroundings();
  return (
    <TableSection
      title={say('differing')}
      heads={['lane', 'bucket', 'state', 'differences', 'stated', 'held', 'equalAsOf']}
      isNarrow
      empty={say('allEqual')}
    >
      {buckets.map((state) => (
        <tr key={`${state.lane}/${state.bucket}`}>
          <th scope="row">{state.lane}</th>
          <td>{state.bucket}</td>
          <td>{say(shades[shadeOf(state)])}</td>
          <td>
            <Kinds records={state.records} />
          </td>
          <td>{count(state.stated)}</td>
          <td>{count(state.held)}</td>
          <td>
            <Time at={state.equalAsOf} />
          </td>
        </tr>
      ))}
    </TableSection>
  );
}

/** Asks for a proof now, or for a repair of at most so many rows, with a reason. */
function Ask({ proof: { dataset }, asked }: { proof: ProofState; asked: () => void }) {
  const { say } = useSurroundings();
  const [atMost, setAtMost] = useState(100);
  const [reason, setReason] = useState('');
  const { send: ask, said } = useAsking(asked);
  const send = (repair: boolean): void => {
    const body = repair ? { repair, atMost, reason } : {};
    ask(`/v1/proofs/${dataset}/requests`, body);
  };
  return (
    <section className="panel" aria-label={say('action')}>
      <span className="buttons">
        <Button type="primary" onClick={() => send(false)}>
          {say('proveNow')}
        </Button>
      </span>
      <div className="reasoned">
        <label htmlFor="at-most">{say('atMost')}</label>
        <InputNumber id="at-most" min={0} max={1_000_000} value={atMost} onChange={(value) => setAtMost(value ?? 0)} />
        <label htmlFor="why-repair">{say('reason')}</label>
        <Input id="why-repair" value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
        <p className="hint">{say('repairWhy')}</p>
        <span className="buttons">
          <Button disabled={reason.trim().length < 2} onClick={() => send(true)}>
            {say('repair')}
          </Button>
        </span>
      </div>
      {said}
    </section>
  );
}
