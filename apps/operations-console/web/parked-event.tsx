import { Alert, Button } from 'antd';
import { useCallback, useEffect, useState, type SyntheticEvent } from 'react';
import type { ParkedDetail } from '../src/contract.ts';
import { Link, parkedAddress } from './address.tsx';
import { ask, type Problem } from './back-end.ts';
import { FieldRow } from './field-row.tsx';
import { useAsking, WithReason } from './parked-cause.tsx';
import { ParkedCorrection } from './parked-correction.tsx';
import { Cause, ParkedWork, useWork } from './parked-work.tsx';
import { Purpose } from './purpose.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import { words, type Word } from './words.ts';

/** One parked event: why it waits, what it says as far as one may see it, and what becomes of it. */
export function ParkedEventView({ database, id }: { database: string; id: number }) {
  const { say, session, sentence } = useSurroundings();
  const work = useWork();
  const [detail, setDetail] = useState<ParkedDetail>();
  const [problem, setProblem] = useState<Problem>();
  const look = useCallback(
    (purpose?: string): void => {
      ask<ParkedDetail>('/v1/parked/open', { database, id, ...(purpose === undefined ? {} : { purpose }) }).then(
        (answer) => {
          setDetail(answer);
          setProblem(undefined);
        },
        (error: unknown) => setProblem(error as Problem),
      );
    },
    [database, id],
  );
  // What was asked for is done a moment later, and looked at anew then; but nobody who reads is interrupted by others.
  const [isAsked, setAsked] = useState(false);
  const again = (): void => {
    setAsked(true);
    work.again();
  };
  const done = work.answer?.batches.reduce((sum, batch) => sum + batch.done, 0);
  useEffect(() => {
    if (detail?.json == null || isAsked) look();
  }, [look, done]);
  if (!detail)
    return problem ? (
      <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />
    ) : (
      <p role="status">{say('finding')}</p>
    );
  const { dataset, code, schemaId, state } = detail;
  const isOpen = state === 'parked' && session.role !== 'auditor';
  return (
    <>
      <p>
        <Link href={parkedAddress({ database, dataset, code, schema: schemaId ?? undefined })}>
          ← {say('backToCause')}
        </Link>
      </p>
      <Why detail={detail} />
      {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
      {isOpen && <Settle database={database} id={id} again={again} />}
      <Content detail={detail} look={look} />
      {isOpen && detail.json && <ParkedCorrection detail={detail} again={again} />}
      <Raw detail={detail} />
      <Versions detail={detail} />
      <ParkedWork work={work} />
    </>
  );
}

function Why({ detail }: { detail: ParkedDetail }) {
  const { say, dataset, department, moment, sentence, verbOf } = useSurroundings();
  const { problem, envelope, codeNow, settledAt, eventId } = detail;
  const facts: [string, string | null | undefined][] = [
    [say('state'), say(`state.${detail.state}` as Word)],
    [say('dataset'), `${dataset(detail.dataset)} · ${department(detail.department)}`],
    [say('service'), `${detail.database}-sync`],
    [say('event'), eventId],
    [say('position'), `${detail.lane}, ${detail.offset}`],
    [say('schema'), detail.schemaId === null ? null : String(detail.schemaId)],
    [say('codeNow'), codeNow ?? say('readable')],
    [say('gatewayWouldSay'), problem && `${problem.field}: ${sentence(problem.message)}`],
    [say('verb'), envelope && verbOf(envelope.verb)],
    [say('version'), envelope && String(envelope.sourceVersion)],
    [say('recorded'), envelope?.recordedAt && moment(envelope.recordedAt)],
    [say('parkedAt'), moment(detail.parkedAt)],
    [
      say('settledBecause'),
      settledAt && `${detail.settledBy ?? ''} · ${detail.settledReason ?? '–'} · ${moment(settledAt)}`,
    ],
  ];
  return (
    <section aria-labelledby="why">
      <h2 id="why">{say('oneEvent')}</h2>
      <Cause code={detail.code} />
      <dl className="facts">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {eventId && <Link href={`/follow?event=${eventId}`}>{say('followIt')}</Link>}
    </section>
  );
}

function Settle({ database, id, again }: { database: string; id: number; again: () => void }) {
  const { say } = useSurroundings();
  const { start, busy, said } = useAsking(database, { ids: [id] }, again);
  return (
    <section className="panel" aria-label={say('action')}>
      <span className="buttons">
        <Button disabled={busy} onClick={() => void start('try')}>
          {say('tryAll')}
        </Button>
        <Button type="primary" disabled={busy} onClick={() => void start('release')}>
          {say('release')}
        </Button>
      </span>
      <WithReason busy={busy} start={(action, reason) => void start(action, reason)} />
      {said}
    </section>
  );
}

/** The fields: with values to a steward who said what for, otherwise whether there is one. */
function Content({ detail, look }: { detail: ParkedDetail; look: (purpose: string) => void }) {
  const { say, session } = useSurroundings();
  const [purpose, setPurpose] = useState('');
  const isMasked = detail.fields.every(({ value }) => value === null);
  const show = (event: SyntheticEvent): void => {
    event.preventDefault();
    look(purpose);
  };
  return (
    <TableSection
      title={say('content')}
      heads={['field', 'value']}
      isNarrow
      intro={
        <>
          {isMasked && <p className="hint">{say('maskedWhy')}</p>}
          {isMasked && session.role === 'steward' && (
            <form className="follow" onSubmit={show} autoComplete="off">
              <Purpose value={purpose} onChange={setPurpose} why="unmaskWhy" required />
              <Button htmlType="submit">{say('unmask')}</Button>
            </form>
          )}
        </>
      }
    >
      {detail.fields.map((field) => (
        <FieldRow key={field.name} field={field} isWrong={detail.problem?.field === field.name} />
      ))}
    </TableSection>
  );
}

function Raw({ detail: { bytes, headers } }: { detail: ParkedDetail }) {
  const { say, count } = useSurroundings();
  return (
    <section aria-labelledby="bytes">
      <h2 id="bytes">
        {say('bytes')} ({count(bytes.length)})
      </h2>
      <pre className="bytes" tabIndex={0} aria-labelledby="bytes">
        {bytes.shown}
      </pre>
      <h3>{say('headers')}</h3>
      <dl className="facts">
        {headers.map(({ name, value }, at) => (
          <div key={at}>
            <dt>{name}</dt>
            <dd>{value ?? say('masked')}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The record's history as an operator may know it: that there are versions, and when. */
function Versions({ detail: { versions } }: { detail: ParkedDetail }) {
  const { say, verbOf } = useSurroundings();
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">{say('versions')}</h2>
      {versions.length === 0 && <p className="hint">{say('noVersions')}</p>}
      <ol className="timeline">
        {versions.map(({ eventId, verb, sourceVersion, at, state }) => (
          <li key={`${eventId ?? ''}${state}${at}`}>
            <strong>
              {`version.${state}` in words ? say(`version.${state}` as Word) : state}
              {sourceVersion === null ? '' : ` · ${say('version')} ${sourceVersion}`}
              {verb ? ` · ${verbOf(verb)}` : ''}
            </strong>
            <Time at={at} />
            {eventId && (
              <Link className="event-ids" href={`/follow?event=${eventId}`}>
                {eventId}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
