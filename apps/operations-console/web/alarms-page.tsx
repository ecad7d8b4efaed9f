import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { Alarms, ListedAlarm, ListedNotice } from '../src/contract.ts';
import { alarmsAddress, completenessAddress, go, lagAddress, Link, parkedAddress } from './address.tsx';
import { AlarmSilences } from './alarms-silences.tsx';
import { ask, usePolled, type Problem } from './back-end.ts';
import { Time, useSurroundings } from './surroundings.tsx';
import { Table, TableSection } from './table-frame.tsx';
import type { Word } from './words.ts';

/** What is wrong, who sees to it, what is silenced, and what was sent to whom. */
export function AlarmsPage() {
  const { say, sentence } = useSurroundings();
  const { answer, problem, again } = usePolled<Alarms>('/v1/alarms', 5_000);
  const [refusal, setRefusal] = useState<Problem>();
  const act = (path: string, body: object): void => {
    setRefusal(undefined);
    ask(path, body).then(again, (error: unknown) => setRefusal(error as Problem));
  };
  return (
    <>
      {problem && <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />}
      {refusal && <Alert type="warning" showIcon closable title={sentence(refusal.message)} role="alert" />}
      {!answer && !problem && <p role="status">{say('finding')}</p>}
      {answer && (
        <>
          <Channels channels={answer.channels} />
          <OpenAlarms alarms={answer.alarms.filter(({ state }) => state !== 'resolved')} act={act} />
          <AlarmSilences {...answer} act={act} />
          <Notices notices={answer.notices} />
          <PastAlarms alarms={answer.alarms.filter(({ state }) => state === 'resolved')} />
        </>
      )}
    </>
  );
}

function Channels({ channels }: Pick<Alarms, 'channels'>) {
  const { say } = useSurroundings();
  if (channels.length === 0) return <Alert type="info" showIcon title={say('noChannel')} />;
  return (
    <p className="hint">
      {say('toldBy')}: {channels.map((channel) => say(`channel.${channel}`)).join(' · ')}
    </p>
  );
}

type Act = (path: string, body: object) => void;

function OpenAlarms({ alarms, act }: { alarms: readonly ListedAlarm[]; act: Act }) {
  const { say } = useSurroundings();
  const heads = ['severity', 'rule', 'dataset', 'place', 'says', 'since', 'seenTo'] as const;
  const pending = alarms.filter(({ state }) => state === 'pending');
  return (
    <TableSection
      title={say('alarmsOpen')}
      heads={heads}
      empty={say('noAlarms')}
      more={pending.length > 0 && <Pending alarms={pending} />}
    >
      {alarms
        .filter(({ state }) => state === 'firing')
        .map((alarm) => (
          <Firing key={alarm.id} alarm={alarm} act={act} />
        ))}
    </TableSection>
  );
}

function Firing({ alarm, act }: { alarm: ListedAlarm; act: Act }) {
  const { say, session } = useSurroundings();
  const { id, severity, rule, dataset, place, acknowledgedBy, isSilenced } = alarm;
  const name = `${say(`rule.${rule}`)}, ${dataset ?? ''} ${place}`;
  return (
    <tr>
      <td>
        <div className="judged">
          <span className={`verdict verdict-alarm-${severity}`}>{say(`alarm.${severity}`)}</span>
          {isSilenced && <span className="sentence">{say('isSilenced')}</span>}
        </div>
      </td>
      <Said alarm={alarm} />
      <td>
        <SeenTo alarm={alarm} />
        {session.role === 'operator' && (
          <span className="buttons">
            {!acknowledgedBy && (
              <Button
                size="small"
                type="primary"
                aria-label={`${say('acknowledge')}: ${name}`}
                onClick={() => act(`/v1/alarms/${id}/acknowledgements`, {})}
              >
                {say('acknowledge')}
              </Button>
            )}
            {!isSilenced && (
              <Button
                size="small"
                aria-label={`${say('silenceIt')}: ${name}`}
                onClick={() => go(alarmsAddress({ rule, dataset: dataset ?? undefined, place }))}
              >
                {say('silenceIt')}
              </Button>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}

/** What an alarm is about, where, and since when. */
function Said({ alarm }: { alarm: ListedAlarm }) {
  const { say, language, subject } = useSurroundings();
  return (
    <>
      <th scope="row">{say(`rule.${alarm.rule}`)}</th>
      <td>
        <Where alarm={alarm} />
      </td>
      <td>{subject(alarm.place)}</td>
      <td className="reason">{alarm.sentence[language]}</td>
      <td>
        <Time at={alarm.since} />
      </td>
    </>
  );
}

function SeenTo({ alarm: { acknowledgedBy, acknowledgedAt } }: { alarm: ListedAlarm }) {
  const { say } = useSurroundings();
  if (!acknowledgedBy || !acknowledgedAt) return <span className="hint">{say('nobody')}</span>;
  return (
    <>
      {acknowledgedBy}
      <br />
      <span className="hint">
        <Time at={acknowledgedAt} />
      </span>
    </>
  );
}

/** What may yet become an alarm; out of the way, for most of it comes to nothing. */
function Pending({ alarms }: { alarms: readonly ListedAlarm[] }) {
  const { say, count } = useSurroundings();
  return (
    <details className="pending">
      <summary>
        {say('pendingToo')}
        {count(alarms.length)}
      </summary>
      <Table name={say('alarm.pending')} heads={['rule', 'dataset', 'place', 'says', 'since']}>
        {alarms.map((alarm) => (
          <tr key={alarm.id}>
            <Said alarm={alarm} />
          </tr>
        ))}
      </Table>
    </details>
  );
}

/** The dataset of an alarm, as a link to where something can be done about it. */
function Where({ alarm: { rule, dataset, place } }: { alarm: ListedAlarm }) {
  const surroundings = useSurroundings();
  if (dataset === null) return '–';
  const address = {
    lag: lagAddress({ dataset, subjectDatabase: place }),
    'promise-fast': lagAddress({ dataset, subjectDatabase: place }),
    'promise-slow': lagAddress({ dataset, subjectDatabase: place }),
    parked: parkedAddress({}),
    proof: completenessAddress({ dataset, database: place }),
    away: '/',
  }[rule];
  return (
    <Link href={address} title={dataset}>
      {surroundings.dataset(dataset)}
    </Link>
  );
}

function PastAlarms({ alarms }: { alarms: readonly ListedAlarm[] }) {
  const { say } = useSurroundings();
  const heads = ['rule', 'dataset', 'place', 'says', 'since', 'over', 'seenTo'] as const;
  return (
    <TableSection title={say('alarmsOver')} heads={heads} empty={say('noneOver')}>
      {alarms.map((alarm) => (
        <tr key={alarm.id}>
          <Said alarm={alarm} />
          <td>{alarm.resolvedAt && <Time at={alarm.resolvedAt} />}</td>
          <td>
            <SeenTo alarm={alarm} />
          </td>
        </tr>
      ))}
    </TableSection>
  );
}

function Notices({ notices }: { notices: readonly ListedNotice[] }) {
  const { say, count } = useSurroundings();
  const outcomeOf = ({ sentAt, givenUpAt, problem }: ListedNotice): string => {
    const word: Word = sentAt ? 'sent' : givenUpAt ? 'givenUp' : problem ? 'triesAgain' : 'waits';
    return problem && !sentAt ? `${say(word)} (${problem})` : say(word);
  };
  return (
    <TableSection
      title={say('notices')}
      heads={['time', 'channel', 'alarm.firing', 'alarm.resolved', 'outcome', 'attempts']}
      numbers={new Set(['alarm.firing', 'alarm.resolved', 'attempts'])}
      isNarrow
      empty={say('noNotices')}
    >
      {notices.map((notice) => (
        <tr key={notice.id}>
          <td>
            <Time at={notice.sentAt ?? notice.at} />
          </td>
          <td>{say(`channel.${notice.channel}`)}</td>
          <td className="number">{count(notice.firing)}</td>
          <td className="number">{count(notice.resolved)}</td>
          <td className={notice.problem && !notice.sentAt ? 'away' : undefined}>{outcomeOf(notice)}</td>
          <td className="number">{count(notice.attempts)}</td>
        </tr>
      ))}
    </TableSection>
  );
}
