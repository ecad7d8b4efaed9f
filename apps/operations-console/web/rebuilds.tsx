import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import type { AskedRebuild, AskedRebuilds } from '../src/contract.ts';
import { useAsking } from './asking.tsx';
import { usePolled } from './back-end.ts';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';

const actions = { compare: 'compareNew', swap: 'swapIn', 'swap-back': 'swapBack' } as const;

/** New generations of subject databases beside the live ones: asked for, watched while they are filled, compared, swapped. */
export function Rebuilds() {
  const { say, session } = useSurroundings();
  const { answer, again } = usePolled<AskedRebuilds>('/v1/rebuilds', 1_000);
  return (
    <TableSection
      title={say('rebuilds')}
      intro={session.role === 'operator' ? <Ask asked={again} /> : <p className="hint">{say('rebuildSays')}</p>}
      heads={['action', 'subjectDatabase', 'asked', 'outcome', 'differences', 'reason']}
      empty={answer && say('noWork')}
    >
      {(answer?.rebuilds ?? []).map((rebuild) => (
        <RebuildRow key={`${rebuild.database}/${rebuild.id}`} rebuild={rebuild} />
      ))}
    </TableSection>
  );
}

function RebuildRow({ rebuild }: { rebuild: AskedRebuild }) {
  const { say, subject } = useSurroundings();
  return (
    <tr>
      <th scope="row">{say(actions[rebuild.action])}</th>
      <td>{subject(rebuild.subject)}</td>
      <td>
        {rebuild.by}
        <br />
        <span className="hint">
          <Time at={rebuild.at} />
        </span>
      </td>
      <td>
        <Outcome rebuild={rebuild} />
      </td>
      <td>
        <Differences rebuild={rebuild} />
      </td>
      <td className="reason">{rebuild.reason ?? '–'}</td>
    </tr>
  );
}

function Outcome({ rebuild: { action, outcome, startedAt, done, total } }: { rebuild: AskedRebuild }) {
  const { say, count, duration } = useSurroundings();
  if (outcome === null) {
    if (startedAt === null) return <>{say('waitsForService')}</>;
    const label = `${say('underWay')}: ${say(actions[action])}`;
    if (total === null || total === 0) return <progress aria-label={label} />;
    const leftSeconds = done > 0 ? ((Date.now() - Date.parse(startedAt)) / 1_000 / done) * (total - done) : null;
    return (
      <>
        <progress aria-label={label} value={done} max={total} /> {count(done)} / {count(total)}
        {leftSeconds !== null && ` · ${say('timeLeft')} ${duration(Math.max(0, leftSeconds))}`}
      </>
    );
  }
  if (outcome.status === 'failed') return <>{`${say('rebuild.failed')}: ${outcome.code} ${outcome.message}`}</>;
  const { records, caughtUp, fillSeconds, pauseMs } = outcome;
  return (
    <>
      <strong>{say(`rebuild.${outcome.status}`)}</strong>
      <br />
      <span className="hint">
        {say('liveRecords')} {count(records.live)} · {say('newRecords')} {count(records.next)} ·{' '}
        {say('changedMeanwhile')} {count(caughtUp)} · {say('took')} {duration(fillSeconds)} · {say('lanesStood')}{' '}
        {duration(pauseMs / 1_000)}
      </span>
    </>
  );
}

function Differences({ rebuild: { outcome } }: { rebuild: AskedRebuild }) {
  const { say, count } = useSurroundings();
  if (outcome === null || outcome.status === 'failed') return <>–</>;
  const { fields, ...kinds } = outcome.differences;
  if (kinds.missing + kinds.extra + kinds.differing === 0) return <>{say('proof.equal')}</>;
  return (
    <ul className="outcomes">
      {(['missing', 'extra', 'differing'] as const).map((kind) => (
        <li key={kind}>
          {say(`record.${kind}`)} <strong>{count(kinds[kind])}</strong>
        </li>
      ))}
      {Object.entries(fields).map(([field, number]) => (
        <li key={field}>
          <code>{field}</code> <strong>{count(number)}</strong>
        </li>
      ))}
    </ul>
  );
}

function Ask({ asked }: { asked: () => void }) {
  const { say, session, subject: title } = useSurroundings();
  const [subject, setSubject] = useState(session.subjects[0]!.name);
  const [differencesMax, setDifferencesMax] = useState(0);
  const [reason, setReason] = useState('');
  const { send: ask, said } = useAsking(asked);
  const send = (action: AskedRebuild['action']): void => {
    const body = action === 'compare' ? { subject, action } : { subject, action, differencesMax, reason };
    ask('/v1/rebuilds', body);
  };
  const hasNoReason = reason.trim().length < 2;
  return (
    <div className="panel" role="group" aria-label={say('rebuilds')}>
      <p className="hint">{say('rebuildSays')}</p>
      <div className="reasoned">
        <label htmlFor="rebuild-subject">{say('subjectDatabase')}</label>
        <Select
          id="rebuild-subject"
          value={subject}
          onChange={setSubject}
          options={session.subjects.map(({ name }) => ({ value: name, label: title(name) }))}
        />
        <span className="buttons">
          <Button type="primary" onClick={() => send('compare')}>
            {say('compareNew')}
          </Button>
        </span>
        <label htmlFor="rebuild-at-most">{say('changesMax')}</label>
        <InputNumber
          id="rebuild-at-most"
          min={0}
          max={100_000_000}
          value={differencesMax}
          onChange={(value) => setDifferencesMax(value ?? 0)}
        />
        <label htmlFor="rebuild-why">{say('rebuildReason')}</label>
        <Input id="rebuild-why" value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
        <span className="buttons">
          <Button disabled={hasNoReason} onClick={() => send('swap')}>
            {say('swapIn')}
          </Button>
          <Button disabled={hasNoReason} onClick={() => send('swap-back')}>
            {say('swapBack')}
          </Button>
        </span>
      </div>
      {said}
    </div>
  );
}
