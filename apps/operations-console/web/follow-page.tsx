import { Alert, Button, Input } from 'antd';
import { useState, type SyntheticEvent } from 'react';
import type { EventTrace, Followed, FollowedChange } from '../src/contract.ts';
import { useAddress } from './address.tsx';
import { ask, type Problem } from './back-end.ts';
import { Purpose } from './purpose.tsx';
import { Time, useSurroundings } from './surroundings.tsx';

/** One change, followed: what is typed goes to the back end in a body, and is nowhere in the address or the title. */
export function FollowPage() {
  const { say, sentence } = useSurroundings();
  const { query } = useAddress();
  const [text, setText] = useState(query.get('event') ?? '');
  const [purpose, setPurpose] = useState('');
  const [state, setState] = useState<{ followed?: Followed; problem?: Problem; busy: boolean }>({ busy: false });
  const find = (event: SyntheticEvent): void => {
    event.preventDefault();
    setState({ busy: true });
    ask<Followed>('/v1/follow', { text, purpose }).then(
      (followed) => setState({ followed, busy: false }),
      (problem: unknown) => setState({ problem: problem as Problem, busy: false }),
    );
  };
  const { followed, problem, busy } = state;
  return (
    <>
      <form className="follow" onSubmit={find} autoComplete="off">
        <label htmlFor="what">{say('followWhat')}</label>
        <Input id="what" value={text} maxLength={100} required onChange={({ target }) => setText(target.value)} />
        <Purpose value={purpose} onChange={setPurpose} why="purposeWhy" />
        <Button type="primary" htmlType="submit" disabled={busy}>
          {say('find')}
        </Button>
      </form>
      <div role="status" aria-live="polite">
        {busy && <p>{say('finding')}</p>}
        {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
        {followed?.kind === 'event' && <EventWay trace={followed.trace} />}
        {followed?.kind === 'subject' && <Histories histories={followed.histories} />}
      </div>
    </>
  );
}

function EventWay({ trace }: { trace: EventTrace }) {
  const { say, dataset, subject, moment, count } = useSurroundings();
  const took = useTook();
  const facts: [string, string | undefined][] = [
    [say('state'), say(`state.${trace.state}`)],
    [say('dataset'), trace.dataset && dataset(trace.dataset)],
    [say('subjectDatabase'), trace.subjectDatabases?.map(subject).join(', ')],
    [say('position'), trace.lane === undefined ? undefined : `${trace.lane}, ${trace.offset ?? '?'}`],
    [say('ahead'), trace.ahead === undefined ? undefined : count(trace.ahead)],
    [say('published'), trace.publishedAt && moment(trace.publishedAt)],
    [say('applied'), trace.appliedAt && moment(trace.appliedAt) + took(trace.publishedAt, trace.appliedAt)],
    [say('parked'), trace.parked && `${trace.parked.code} · ${moment(trace.parked.parkedAt)}`],
  ];
  return (
    <section aria-labelledby="event">
      <h2 id="event">{say('event')}</h2>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}

/** The time between two instants; nothing where the first is not known, or clocks disagree. */
function useTook(): (from: string | undefined, to: string) => string {
  const { say, duration } = useSurroundings();
  return (from, to) => {
    const seconds = from === undefined ? -1 : (Date.parse(to) - Date.parse(from)) / 1_000;
    return seconds < 0 ? '' : ` · ${say('took')} ${duration(seconds)}`;
  };
}

function Histories({ histories }: { histories: Extract<Followed, { kind: 'subject' }>['histories'] }) {
  const { say, subject } = useSurroundings();
  return (
    <>
      <p className="hint">
        {say('noValues')} · {say('stillOnTheWay')}
      </p>
      {histories.map(({ subject: name, changes, more }) => (
        <section key={name} aria-labelledby={`history-${name}`}>
          <h2 id={`history-${name}`}>
            {subject(name)} · {say('newestChanges')}
          </h2>
          <ol className="timeline">
            {changes.map((change) => (
              <Change key={change.historyId} change={change} />
            ))}
          </ol>
          {more && <p className="hint">{say('more')}</p>}
        </section>
      ))}
    </>
  );
}

function Change({ change }: { change: FollowedChange }) {
  const { say, dataset, language } = useSurroundings();
  const took = useTook();
  return (
    <li>
      <strong>
        {dataset(change.dataset)} · {say(change.change)}
      </strong>
      <span>
        {say('recorded')} <Time at={change.recordedAt} /> → {say('applied')} <Time at={change.appliedAt} />
        {took(change.recordedAt, change.appliedAt)}
      </span>
      <span>
        {say('fields')}:{' '}
        {change.fields.map(({ name, title }) => title[language] || name).join(language === 'zh' ? '、' : ', ')}
      </span>
      <span className="event-ids">
        {say('event')}: {change.eventIds.join(', ')}
      </span>
    </li>
  );
}
