import type { ReactNode } from 'react';
import type { Groups, LagRow, Proofs, ProofState } from '../src/contract.ts';
import { completenessAddress, lagAddress, Link, parkedAddress } from './address.tsx';
import { usePolled } from './back-end.ts';
import { Cause } from './parked-work.tsx';
import { useSurroundings } from './surroundings.tsx';
import { sumOf, Verdict, verdictClass, worstOf } from './verdict.tsx';

/** The exchange at a glance, drawn as the way of an event: each station says how it stands and leads to its lag. */
export function OverviewPage() {
  const { live, say, department, dataset, subject, session } = useSurroundings();
  const { answer: proved } = usePolled<Proofs>('/v1/proofs', 5_000);
  const groups = <Key extends 'department' | 'dataset' | 'subjectDatabase'>(key: Key): [string, LagRow[]][] => [
    ...Map.groupBy(live.lag, (row) => row[key]),
  ];
  return (
    <>
      <Attention />
      <h2>{say('way')}</h2>
      <ol className="way">
        <Stage title={say('departments')}>
          {groups('department').map(([code, rows]) => (
            <Station key={code} href={lagAddress({ department: code })} name={department(code)} rows={rows} />
          ))}
        </Stage>
        <Stage title={say('topics')}>
          {groups('dataset').map(([name, rows]) => (
            <Station key={name} href={lagAddress({ dataset: name })} name={dataset(name)} rows={rows} />
          ))}
        </Stage>
        <Stage title={say('laneStage')}>
          {[...Map.groupBy(session.subjects, ({ database }) => database)].map(([database, subjects]) => (
            <Lanes key={database} database={database} subjects={subjects.map(({ name }) => name)} />
          ))}
        </Stage>
        <Stage title={say('subjectDatabases')}>
          {session.subjects.map(({ name, database }) => (
            <Station
              key={name}
              href={lagAddress({ subjectDatabase: name })}
              name={subject(name)}
              rows={live.lag.filter((row) => row.subjectDatabase === name)}
            >
              <Parked database={database} />
              <Proved proofs={proved?.proofs.filter((proof) => proof.database === database)} />
            </Station>
          ))}
        </Stage>
        <Stage title={say('relay')}>
          {session.subjects.map(({ name, database }) => (
            <Relay key={name} subjectName={name} database={database} />
          ))}
        </Stage>
        <Stage title={say('subscribers')}>
          <Subscribers />
        </Stage>
      </ol>
    </>
  );
}

/** What an operator should look at first: verdicts that are not OK, worst first, and what is parked. */
function Attention() {
  const { live, say, language, count, dataset, subject } = useSurroundings();
  const worrying = [...Map.groupBy(live.lag, ({ verdict }) => verdict)]
    // What is parked is told below, by its causes.
    .filter(([verdict]) => verdict !== 'OK' && verdict !== 'PARKED')
    .toSorted(([a], [b]) => (worstOf([{ verdict: a }, { verdict: b }]) === a ? -1 : 1));
  const parked = live.databases.flatMap(({ database, parked: groups }) =>
    (groups ?? []).map((group) => ({ ...group, database })),
  );
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">{say('attention')}</h2>
      {worrying.length + parked.length === 0 && <p className="fine">{say('nothingWrong')}</p>}
      <ul className="attention">
        {worrying.map(([verdict, rows]) => (
          <li key={verdict}>
            <Link href={lagAddress({ verdict })}>
              <Verdict verdict={verdict} /> {count(rows.length)} · {rows[0]!.sentence[language]}
            </Link>
            <span className="which">
              {rows
                .slice(0, 4)
                .map((row) => `${dataset(row.dataset)} → ${subject(row.subjectDatabase)}`)
                .join(language === 'zh' ? '，' : ', ')}
              {rows.length > 4 ? ' …' : ''}
            </span>
          </li>
        ))}
        {parked.map(({ database, dataset: name, code, schemaId, count: events }) => (
          <li key={`${database}/${name}/${code}/${String(schemaId)}`}>
            <Link href={parkedAddress({ database, dataset: name, code, schema: schemaId ?? undefined })}>
              <Verdict verdict="PARKED" /> {count(events)} · {dataset(name)}
            </Link>
            <Cause code={code} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Stage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li className="stage">
      <h3>{title}</h3>
      <ul>{children}</ul>
    </li>
  );
}

/** The lanes of one database, which all its topics share: each in the colour of its worst verdict, and leading to its lag. */
function Lanes({ database, subjects }: { database: string; subjects: readonly string[] }) {
  const { live, say, count, subject } = useSurroundings();
  // What feeds several subject databases of one database is read once for all of them.
  const rows = live.lag.filter(({ subjectDatabase }) => subjects.includes(subjectDatabase));
  const once = [...new Map(rows.map((row) => [row.dataset, row])).values()];
  const byLane = Map.groupBy(
    once.flatMap(({ lanes }) => lanes),
    ({ lane }) => lane,
  );
  return (
    <li className="station">
      <strong>{subject(database)}</strong>
      <div className="lane-dots">
        {[...byLane]
          .toSorted(([a], [b]) => a - b)
          .map(([lane, states]) => {
            const verdict = worstOf(states);
            const waiting = `${say('waiting')} ${count(sumOf(states.map(({ records }) => records)))}`;
            return (
              <Link
                key={lane}
                className={verdictClass(verdict)}
                href={lagAddress({
                  subjectDatabase: subjects.length === 1 ? subjects[0] : undefined,
                  lane: String(lane),
                })}
                aria-label={`${subject(database)}, ${say('lane')} ${lane}: ${verdict}, ${waiting}`}
                title={`${say('lane')} ${lane}: ${verdict}, ${waiting}`}
              >
                {lane}
              </Link>
            );
          })}
      </div>
      {byLane.size === 0 && <span className="away">{say('unknown')}</span>}
    </li>
  );
}

/** A place on the way: its worst verdict, what waits there and how fast it goes. */
function Station(props: { href: string; name: string; rows: readonly LagRow[]; children?: ReactNode }) {
  const { say, count } = useSurroundings();
  const { href, name, rows, children } = props;
  // A dataset that feeds several subject databases of one database is read once for all of them.
  const once = [...new Map(rows.map((row) => [`${row.dataset}/${row.verdict}/${String(row.records)}`, row])).values()];
  const rate = sumOf(once.map(({ appliedPerSecond }) => appliedPerSecond));
  return (
    <li className="station">
      <Link href={href}>
        <strong>{name}</strong> <Verdict verdict={worstOf(rows)} />
      </Link>
      <span>
        {say('waiting')} {count(sumOf(once.map(({ records }) => records)))} ·{' '}
        {rate === null
          ? `${say('rate')} ${say('unknown')}`
          : `${count(Math.round(rate * 10) / 10)} ${say('perSecond')}`}
      </span>
      {children}
    </li>
  );
}

function Parked({ database }: { database: string }) {
  const { live, say, count } = useSurroundings();
  const groups = live.databases.find((each) => each.database === database)?.parked ?? null;
  if (groups === null)
    return (
      <span className="away">
        {say('parked')} {say('unknown')} · {say('unreachable')}
      </span>
    );
  const events = groups.reduce((sum, group) => sum + group.count, 0);
  return events > 0 ? (
    <Link className="away" href={parkedAddress({})}>
      {say('parked')} {count(events)}
    </Link>
  ) : null;
}

function Relay({ subjectName, database }: { subjectName: string; database: string }) {
  const { live, say, count, subject } = useSurroundings();
  const relay = live.databases.find((each) => each.database === database)?.relay ?? null;
  const waiting = relay?.find((each) => each.subject === subjectName)?.waiting ?? null;
  return (
    <li className="station">
      <Link href={lagAddress({ subjectDatabase: subjectName })}>
        <strong>{subject(subjectName)}</strong>
      </Link>
      <span className={waiting === null ? 'away' : undefined}>
        {say('waitingForRelay')} {count(waiting)}
        {waiting === null && ` · ${say('unreachable')}`}
      </span>
    </li>
  );
}

/** How many of a database's datasets are proved equal to what their sources hold. */
function Proved({ proofs }: { proofs: readonly ProofState[] | undefined }) {
  const { say, count } = useSurroundings();
  if (!proofs) return null;
  const equal = proofs.filter(({ verdict }) => verdict === 'equal').length;
  const differ = proofs.some(({ verdict }) => verdict === 'differs');
  return (
    <Link className={differ ? 'away' : undefined} href={completenessAddress({})}>
      {say('provedEqual')} {count(equal)} / {count(proofs.length)}
    </Link>
  );
}

/** Who reads the changes of the subject databases, and how far. */
function Subscribers() {
  const { say, count, subject } = useSurroundings();
  const { answer, problem } = usePolled<Groups>('/v1/groups', 5_000);
  if (problem)
    return (
      <li className="station away">
        {say('unknown')} · {say('unreachable')}
      </li>
    );
  const readers = (answer?.groups ?? []).flatMap((group) => {
    const name = /^subject\.(.+)\.changed$/.exec(group.topic)?.[1];
    return name === undefined ? [] : [{ ...group, name }];
  });
  if (answer && readers.length === 0) return <li className="station">{say('noSubscribers')}</li>;
  return readers.map(({ groupId, topic, name, verdict, records }) => (
    <li className="station" key={`${groupId}/${name}`}>
      <Link href={lagAddress({ group: groupId, topic })}>
        <strong>{groupId}</strong> <Verdict verdict={verdict} />
      </Link>
      <span>
        {subject(name)} · {say('waiting')} {count(records)}
      </span>
    </li>
  ));
}
