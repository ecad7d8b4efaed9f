import { Alert, Button } from 'antd';
import type { SubjectChangeView, SubjectHistory } from '../src/contract.ts';
import type { Problem } from './back-end.ts';
import { knownSince, type Moment } from './subject-axes.tsx';
import { EventLink, Value } from './subject-value.tsx';
import { Time, useSurroundings } from './surroundings.tsx';

/** What changed, newest first: each change can be gone back to, and the one that is shown is marked. */
export function History(props: {
  history: SubjectHistory | undefined;
  problem: Problem | undefined;
  moment: Moment;
  setMoment: (moment: Moment) => void;
  older: (before: number | undefined) => void;
  isFirst: boolean;
}) {
  const { history, problem, moment, setMoment, older, isFirst } = props;
  const { say, sentence } = useSurroundings();
  return (
    <section aria-labelledby="history">
      <h2 id="history">{say('historyOf')}</h2>
      {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
      {!history && !problem && <p role="status">{say('finding')}</p>}
      <ol className="timeline">
        {history?.changes.map((change) => (
          <Change
            key={change.historyId}
            change={change}
            isShown={moment.knownAt === knownSince(change)}
            see={() => setMoment({ ...moment, knownAt: knownSince(change) })}
          />
        ))}
      </ol>
      <p className="buttons">
        {!isFirst && <Button onClick={() => older(undefined)}>{say('newestChanges')}</Button>}
        {history && history.next !== null && (
          <Button onClick={() => older(history.next ?? undefined)}>{say('olderChanges')}</Button>
        )}
      </p>
    </section>
  );
}

function Change({ change, isShown, see }: { change: SubjectChangeView; isShown: boolean; see: () => void }) {
  const { say, dataset, language } = useSurroundings();
  const { before, after, validFrom, validTo, recordedAt, appliedAt } = change;
  return (
    <li aria-current={isShown ? 'step' : undefined}>
      <strong>
        {dataset(change.dataset)} · {say(change.change)}
      </strong>
      <span>
        {say('recorded')} <Time at={recordedAt} /> → {say('applied')} <Time at={appliedAt} />
        {validFrom && ` · ${say('validSpan')} ${validFrom}${validTo ? ` – ${validTo}` : ''}`}
      </span>
      <ul className="list">
        {after.map((now, at) => (
          <li key={now.name} className="from-to">
            <span>{now.title[language]}:</span> <Value field={before[at]!} /> → <Value field={now} />
          </li>
        ))}
      </ul>
      <span className="buttons">
        {change.eventIds.map((eventId) => (
          <EventLink key={eventId} eventId={eventId} />
        ))}
        <Button size="small" disabled={isShown} onClick={see}>
          {say(isShown ? 'shownNow' : 'seeThen')}
        </Button>
      </span>
    </li>
  );
}
