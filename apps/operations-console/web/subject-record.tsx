import { Alert, Button, Checkbox } from 'antd';
import { useState } from 'react';
import type { SubjectField, SubjectHistory, SubjectView } from '../src/contract.ts';
import { useAsked } from './back-end.ts';
import { Axes, type Moment } from './subject-axes.tsx';
import { History } from './subject-history.tsx';
import { Links } from './subject-links.tsx';
import { EventLink, Value } from './subject-value.tsx';
import { reasonOf, type Sight } from './subjects-sight.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import { Verdict } from './verdict.tsx';

/** One subject: its record with the source of each field, now or as it was, its history, and whom it is connected with. */
export function SubjectRecord({ handle, sight }: { handle: string; sight: Sight }) {
  const { say, sentence } = useSurroundings();
  const [moment, setMoment] = useState<Moment>({});
  const [before, setBefore] = useState<number>();
  const asking = { handle, ...reasonOf(sight) };
  const record = useAsked<SubjectView>('/v1/subjects/open', { ...asking, ...moment });
  const history = useAsked<SubjectHistory>('/v1/subjects/history', { ...asking, before });
  const isThen = moment.knownAt !== undefined || moment.validAt !== undefined;
  const { answer, problem } = record;
  const isAbsent = problem?.code === 'NOT_FOUND' && isThen;
  if (problem && !isThen)
    return <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />;
  if (!answer && !problem) return <p role="status">{say('finding')}</p>;
  return (
    <>
      <Axes changes={history.answer?.changes ?? []} moment={moment} setMoment={setMoment} />
      <div role="status" aria-live="polite">
        {isAbsent && <Alert type="info" showIcon title={say('notThen')} />}
        {problem && !isAbsent && <Alert type="error" showIcon title={sentence(problem.message)} />}
      </div>
      {answer && <Record view={answer} isThen={isThen} readAt={record.at} again={record.again} />}
      <Links asking={{ ...asking, ...moment }} center={answer} />
      <History
        {...{ history: history.answer, problem: history.problem, moment, setMoment }}
        older={setBefore}
        isFirst={before === undefined}
      />
    </>
  );
}

function Record(props: { view: SubjectView; isThen: boolean; readAt: number; again: () => void }) {
  const { view, isThen, readAt, again } = props;
  const { say, subject, clock, language } = useSurroundings();
  const [isWhole, setWhole] = useState(false);
  const { fields, freshness, id } = view;
  const shown = fields.filter(({ isSet, differs }) => isWhole || isSet || differs);
  const disputed = fields.filter(({ isDisputed }) => isDisputed).map(({ title }) => title[language]);
  return (
    <TableSection
      title={`${subject(view.subject)} · ${say('record')}`}
      intro={
        <div className="about">
          <span>
            {say('recordOf')}: <strong className="id">{id ?? say('masked')}</strong>
          </span>
          {!isThen && (
            <span>
              {say('freshness')}: <Verdict verdict={freshness.verdict} /> {freshness.sentence[language]}
            </span>
          )}
          <span>{disputed.length > 0 ? `${say('someDisputed')}: ${disputed.join(', ')}` : say('undisputed')}</span>
          <span className="hint">
            {say('readAt')} {clock(readAt)}{' '}
            <Button size="small" onClick={again}>
              {say('readAgain')}
            </Button>
          </span>
          <Checkbox checked={!isWhole} onChange={({ target }) => setWhole(!target.checked)}>
            {say('onlySet')}
          </Checkbox>
        </div>
      }
      heads={[
        'field',
        'value',
        'standing',
        'source',
        'recorded',
        'eventOf',
        ...(isThen ? [] : (['freshness'] as const)),
      ]}
      empty={say('isEmpty')}
    >
      {shown.map((field) => (
        <Field key={field.name} field={field} view={view} isThen={isThen} />
      ))}
    </TableSection>
  );
}

function Field({ field, view, isThen }: { field: SubjectField; view: SubjectView; isThen: boolean }) {
  const { say, dataset, department, moment, day, language } = useSurroundings();
  const { name, title, source, isProvisional, settlesAt, isDisputed, differs, isSet } = field;
  const fresh = view.freshness.datasets.find((one) => one.dataset === source?.dataset);
  return (
    <tr className={differs ? 'differs' : undefined}>
      <th scope="row" title={name}>
        {title[language]}
      </th>
      <td className="value">
        <Value field={field} />
      </td>
      <td className="standing">
        {differs && <span className="mark">{say('otherNow')}</span>}
        {isDisputed && <span className="mark bad">{say('disputed')}</span>}
        {isProvisional && isSet && (
          <span className="hint">
            {say('provisional')}
            {settlesAt && (
              <>
                {' '}
                {say('settlesUntil')}{' '}
                <time dateTime={settlesAt} title={moment(settlesAt)}>
                  {day(settlesAt)}
                </time>
              </>
            )}
          </span>
        )}
      </td>
      <td>
        {source ? (
          <>
            {department(source.department)}
            <br />
            <span className="hint">{dataset(source.dataset)}</span>
          </>
        ) : isSet ? (
          <span className="hint">{say('sourceMany')}</span>
        ) : (
          '–'
        )}
      </td>
      <td>{source ? <Time at={source.recordedAt} /> : '–'}</td>
      <td>{source ? <EventLink eventId={source.eventId} /> : '–'}</td>
      {!isThen && <td>{fresh ? <Verdict verdict={fresh.verdict} /> : '–'}</td>}
    </tr>
  );
}
