import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { BatchEvents, ParkedBatch, ParkedBatches } from '../src/contract.ts';
import { Link, parkedAddress } from './address.tsx';
import { ask, usePolled, type Problem } from './back-end.ts';
import { Time, useSurroundings } from './surroundings.tsx';
import { Expand, TableSection } from './table-frame.tsx';
import { words, type Word } from './words.ts';

/** What was asked for, as everybody sees it: it goes on when the page is left, and is found here again. */
export const useWork = () => usePolled<ParkedBatches>('/v1/parked/batches', 1_000);

/** An outcome as the sync service wrote it, in the reader's language; a code behind a colon stays as it is. */
function useOutcome(): (outcome: string | null) => string {
  const { say } = useSurroundings();
  return (outcome) => {
    if (outcome === null) return say('waits');
    const [name, code] = outcome.split(': ');
    const word = `outcome.${name!}`;
    const said = word in words ? say(word as Word) : name!;
    return code ? `${said} (${code})` : said;
  };
}

/** How many came to what. */
export function Outcomes({ outcomes }: { outcomes: ParkedBatch['outcomes'] }) {
  const { count } = useSurroundings();
  const outcome = useOutcome();
  return (
    <ul className="outcomes">
      {Object.entries(outcomes)
        .toSorted(([, a], [, b]) => b - a)
        .map(([name, number]) => (
          <li key={name} className={/^(parked again|refused)/.test(name) ? 'away' : undefined}>
            {outcome(name)} <strong>{count(number)}</strong>
          </li>
        ))}
    </ul>
  );
}

/** The code of a cause, and what an operator does about it. */
export function Cause({ code }: { code: string }) {
  const { say } = useSurroundings();
  const word = `code.${code}`;
  return (
    <div className="judged">
      <span className="verdict verdict-stop">{code}</span>
      <span className="sentence">{word in words && say(word as Word)}</span>
    </div>
  );
}

const columns = ['action', 'dataset', 'asked', 'progress', 'outcome', 'reason'] as const;

export function ParkedWork({ work = useWork() }: { work?: ReturnType<typeof useWork> }) {
  const { say } = useSurroundings();
  const [open, setOpen] = useState<string>();
  const { answer, problem, again } = work;
  return (
    <TableSection
      title={say('work')}
      intro={problem && <Alert type="error" showIcon title={say('failed')} description={problem.message} />}
      heads={['', ...columns]}
      empty={answer && say('noWork')}
    >
      {answer?.batches.map((batch) => (
        <Batch
          key={batch.batch}
          batch={batch}
          isOpen={open === batch.batch}
          toggle={() => setOpen(open === batch.batch ? undefined : batch.batch)}
          again={again}
        />
      ))}
    </TableSection>
  );
}

function Batch(props: { batch: ParkedBatch; isOpen: boolean; toggle: () => void; again: () => void }) {
  const { batch, isOpen, toggle, again } = props;
  const { say, dataset, department, moment } = useSurroundings();
  const action = say(`action.${batch.action}`);
  return (
    <>
      <tr>
        <td>
          <Expand isOpen={isOpen} name={`${say('outcomes')}: ${action} ${moment(batch.at)}`} toggle={toggle} />
        </td>
        <th scope="row">{action}</th>
        <td>
          {batch.dataset ? dataset(batch.dataset) : say('unknown')}
          <br />
          <span className="hint">{batch.department && department(batch.department)}</span>
        </td>
        <td>
          {batch.by}
          <br />
          <span className="hint">
            <Time at={batch.at} />
          </span>
        </td>
        <td>
          <Progress batch={batch} />
        </td>
        <td>
          <Outcomes outcomes={batch.outcomes} />
          {batch.action === 'discard' && <SecondPerson batch={batch} again={again} />}
        </td>
        <td className="reason">{batch.reason ?? '–'}</td>
      </tr>
      {isOpen && (
        <tr className="opened">
          <td />
          <td colSpan={columns.length}>
            <Events batch={batch} />
          </td>
        </tr>
      )}
    </>
  );
}

export function Progress({ batch: { action, done, total } }: { batch: ParkedBatch }) {
  const { say, count } = useSurroundings();
  return (
    <>
      <progress aria-label={`${say(`action.${action}`)}: ${say('progress')}`} value={done} max={total} />
      <br />
      <span className="hint">
        {count(done)} / {count(total)}
      </span>
    </>
  );
}

/** A discard is done when somebody other than who asked has agreed; who asked may take it back. */
function SecondPerson({ batch, again }: { batch: ParkedBatch; again: () => void }) {
  const { say, sentence, session } = useSurroundings();
  const [problem, setProblem] = useState<Problem>();
  if (batch.agreed)
    return (
      <span className="hint">
        {say('agreedBy')} {batch.judgedBy}
      </span>
    );
  if (batch.agreed === false || batch.done === batch.total) return null;
  const judge = (agree: boolean): void => {
    ask('/v1/parked/judgements', { database: batch.database, batch: batch.batch, agree }).then(
      again,
      (error: unknown) => setProblem(error as Problem),
    );
  };
  const isMine = session.name === batch.by;
  return (
    <div className="judged">
      <span>{say('awaitsSecond')}</span>
      {session.role !== 'auditor' && (
        <span className="buttons">
          {!isMine && (
            <Button size="small" type="primary" onClick={() => judge(true)}>
              {say('agree')}
            </Button>
          )}
          <Button size="small" onClick={() => judge(false)}>
            {say(isMine ? 'takeBack' : 'refuse')}
          </Button>
        </span>
      )}
      {problem && <span className="away">{sentence(problem.message)}</span>}
    </div>
  );
}

/** What came of each event, a page of them at a time. */
function Events({ batch: { database, batch } }: { batch: ParkedBatch }) {
  const { say } = useSurroundings();
  const outcome = useOutcome();
  const [after, setAfter] = useState(0);
  const { answer } = usePolled<BatchEvents>(`/v1/parked/batches/${database}/${batch}?after=${after}`, 2_000);
  const events = answer?.events ?? [];
  return (
    <>
      <table className="lanes">
        <caption>{say('outcomes')}</caption>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <th scope="row">
                <Link href={parkedAddress({ database, id: event.id })}>{event.eventId ?? event.id}</Link>
              </th>
              <td>{outcome(event.outcome)}</td>
              <td>{event.doneAt && <Time at={event.doneAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {events.length === 50 && <Button onClick={() => setAfter(events.at(-1)!.id)}>{say('moreEvents')}</Button>}
    </>
  );
}
