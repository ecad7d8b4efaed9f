import { Alert, Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { Asked, ParkedAction, ParkedEvent, ParkedPage } from '../src/contract.ts';
import { go, Link, parkedAddress, useAddress } from './address.tsx';
import { ask, type Problem } from './back-end.ts';
import { ExportTable } from './export-table.tsx';
import { Cause, Outcomes, ParkedWork, Progress, useWork } from './parked-work.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { ScrolledTable } from './table-frame.tsx';

/** A cause as the address names it. */
export interface CauseName {
  readonly database: string;
  readonly dataset: string;
  readonly code: string;
  readonly schemaId: number | null;
}

/** All open events of one cause: what to do with them together, and each of them. */
export function ParkedCause({ cause }: { cause: CauseName }) {
  const { live, say, dataset, count, session } = useSurroundings();
  const work = useWork();
  const group = live.databases
    .find(({ database }) => database === cause.database)
    ?.parked?.find(
      (one) => one.dataset === cause.dataset && one.code === cause.code && one.schemaId === cause.schemaId,
    );
  return (
    <>
      <p>
        <Link href={parkedAddress({})}>← {say('allCauses')}</Link>
      </p>
      <h2>
        {dataset(cause.dataset)} · {say('events')} {count(group?.count ?? 0)}
      </h2>
      <Cause code={cause.code} />
      <SavedFilters />
      {session.role !== 'auditor' && <Together cause={cause} events={group?.count ?? 0} work={work} />}
      <ParkedWork work={work} />
      <Events cause={cause} events={group?.count ?? 0} />
    </>
  );
}

/** Asks for something with parked events, and says what became of asking. */
export function useAsking(database: string, choice: object, done: () => void) {
  const { say, sentence, count } = useSurroundings();
  const [state, setState] = useState<{ asked?: Asked; problem?: Problem; busy: boolean }>({ busy: false });
  const start = async (action: ParkedAction, reason?: string): Promise<Asked | undefined> => {
    setState({ busy: true });
    try {
      const asked = await ask<Asked>('/v1/parked/requests', {
        database,
        action,
        choice,
        ...(reason ? { reason } : {}),
      });
      setState({ asked, busy: false });
      done();
      return asked;
    } catch (problem) {
      setState({ problem: problem as Problem, busy: false });
      return undefined;
    }
  };
  const { asked, problem, busy } = state;
  const said = (
    <div role="status" aria-live="polite">
      {asked && (
        <p className="hint">{asked.asked > 0 ? `${say('askedFor')} ${count(asked.asked)}` : say('askedBefore')}</p>
      )}
      {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
    </div>
  );
  return { start, busy, said };
}

/** The reason that giving back and giving up need, and their buttons. */
export function WithReason({ busy, start }: { busy: boolean; start: (action: ParkedAction, reason: string) => void }) {
  const { say } = useSurroundings();
  const [reason, setReason] = useState('');
  const lacks = busy || reason.trim().length < 2;
  return (
    <div className="reasoned">
      <label htmlFor="reason">{say('reason')}</label>
      <Input
        id="reason"
        value={reason}
        maxLength={500}
        aria-describedby="reason-why"
        onChange={({ target }) => setReason(target.value)}
      />
      <p id="reason-why" className="hint">
        {say('reasonWhy')}
      </p>
      <span className="buttons">
        <Button disabled={lacks} onClick={() => start('send-back', reason)}>
          {say('sendBack')}
        </Button>
        <Button danger disabled={lacks} onClick={() => start('discard', reason)}>
          {say('discard')}
        </Button>
      </span>
    </div>
  );
}

/** A dry run, whose result is kept in the address, and then what it is for; or giving all back or up. */
function Together({ cause, events, work }: { cause: CauseName; events: number; work: ReturnType<typeof useWork> }) {
  const { say, count } = useSurroundings();
  const { query } = useAddress();
  const { database, dataset, code, schemaId } = cause;
  const { start, busy, said } = useAsking(database, { dataset, code, schemaId }, work.again);
  const tried = work.answer?.batches.find(({ batch, action }) => batch === query.get('tried') && action === 'try');
  const isUnderWay = work.answer?.batches.some(
    (batch) => batch.database === database && batch.action !== 'discard' && batch.done < batch.total,
  );
  const rests = busy || events === 0 || isUnderWay !== false;
  const tryAll = async (): Promise<void> => {
    const asked = await start('try');
    if (asked && asked.asked > 0)
      go(parkedAddress({ database, dataset, code, schema: schemaId ?? undefined, tried: asked.batch }));
  };
  return (
    <section className="panel" aria-label={say('action')}>
      <p className="hint">{say('tryFirst')}</p>
      <span className="buttons">
        <Button disabled={rests} onClick={() => void tryAll()}>
          {say('tryAll')}
        </Button>
        <Button type="primary" disabled={rests || tried === undefined} onClick={() => void start('release')}>
          {say('releaseAll')} ({count(events)})
        </Button>
      </span>
      {tried && (
        <div className="tried" role="status">
          <strong>{say('wouldBe')}</strong>
          {tried.done < tried.total ? <Progress batch={tried} /> : <Outcomes outcomes={tried.outcomes} />}
        </div>
      )}
      <WithReason busy={rests} start={(action, reason) => void start(action, reason)} />
      {said}
    </section>
  );
}

/** The events themselves, newest first, as far as one scrolls; asked for anew when their number changes. */
function Events({ cause, events }: { cause: CauseName; events: number }) {
  const { say } = useSurroundings();
  const [shown, setShown] = useState<readonly ParkedEvent[]>([]);
  const [next, setNext] = useState<string | null>();
  /** What was asked for before the list began anew is no part of it. */
  const beginnings = useRef(0);
  const [problem, setProblem] = useState<Problem>();
  const page = (before?: string): Promise<ParkedPage> => {
    const { schemaId, ...names } = cause;
    const query = new URLSearchParams({
      ...names,
      ...(schemaId === null ? {} : { schemaId: String(schemaId) }),
      ...(before ? { before } : {}),
    });
    return ask<ParkedPage>(`/v1/parked/events?${query}`);
  };
  const show = (before: string | undefined, earlier: readonly ParkedEvent[]): void => {
    if (before === undefined) beginnings.current += 1;
    const mine = beginnings.current;
    page(before).then(
      (answer) => {
        if (mine !== beginnings.current) return;
        setShown([...earlier, ...answer.parked]);
        setNext(answer.next);
        setProblem(undefined);
      },
      (error: unknown) => setProblem(error as Problem),
    );
  };
  useEffect(() => show(undefined, []), [events]);
  return (
    <ScrolledTable
      title={say('events')}
      intro={
        <>
          {problem && <Alert type="error" showIcon title={say('failed')} description={problem.message} />}
          <ExportTable name="parked" of={cause} isIdle={events === 0} />
        </>
      }
      heads={['event', 'position', 'parkedAt']}
      empty={next !== undefined && !problem && say('nothingParked')}
      rows={shown}
      total={Math.max(events, shown.length)}
      askForMore={next ? () => show(next, shown) : undefined}
      rowOf={({ database, id, eventId, lane, offset, parkedAt }) => (
        <tr key={id}>
          <th scope="row">
            <Link href={parkedAddress({ database, id })}>{eventId ?? `${say('open')} ${id}`}</Link>
          </th>
          <td>
            {lane}, {offset}
          </td>
          <td>
            <Time at={parkedAt} />
          </td>
        </tr>
      )}
    />
  );
}
