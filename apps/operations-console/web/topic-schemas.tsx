import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import type {
  FieldDifference,
  SchemaComparison,
  SchemaField,
  TopicSchemas as Schemas,
  TopicWriters,
} from '../src/contract.ts';
import { Link, parkedAddress } from './address.tsx';
import { usePolled } from './back-end.ts';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';

/** The registry hardly ever changes, and the newest messages are looked at again when somebody asks. */
const everyMs = 60_000;

/** The schemas of a dataset: its versions and what differs between them, and with which of them departments write. */
export function TopicSchemas({ topic, dataset }: { topic: string; dataset: string }) {
  const { say, sentence } = useSurroundings();
  const { answer, problem } = usePolled<Schemas>(`/v1/topics/${topic}/schemas`, everyMs);
  return (
    <>
      {problem && <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />}
      {!answer && !problem && <p role="status">{say('finding')}</p>}
      <Writers topic={topic} dataset={dataset} />
      {answer && <Versions schemas={answer} />}
      {answer && answer.versions.length > 1 && <Differences topic={topic} schemas={answer} />}
    </>
  );
}

function Reading({ reading }: { reading: string }) {
  const { say } = useSurroundings();
  return reading === 'readable' ? (
    <span className="verdict verdict-ok">{say('canRead')}</span>
  ) : (
    <span className="verdict verdict-stop">{reading}</span>
  );
}

/** What was seen on the topic, beside what the services parked of it. */
function Writers({ topic, dataset }: { topic: string; dataset: string }) {
  const { say, sentence, count, live } = useSurroundings();
  const { answer, problem, again } = usePolled<TopicWriters>(`/v1/topics/${topic}/writers`, everyMs);
  const parked = live.databases.flatMap(({ parked: groups }) => groups ?? []).filter((one) => one.dataset === dataset);
  return (
    <TableSection
      title={say('writersSeen')}
      heads={['schemaId', 'reading', 'messages', 'firstSeen', 'lastSeen', 'parkedOfIt']}
      numbers={new Set(['messages'])}
      isNarrow
      intro={
        <>
          <p className="hint">{say('writersWhy')}</p>
          {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
        </>
      }
      empty={answer && say('noWriters')}
      more={<Button onClick={again}>{say('lookAgain')}</Button>}
    >
      {answer?.schemas.map(({ schemaId, events, firstAt, lastAt, reading }) => (
        <tr key={schemaId}>
          <th scope="row">
            {schemaId ?? '–'} {schemaId === answer.readerId && <span className="hint">({say('isReader')})</span>}
          </th>
          <td>
            <Reading reading={reading} />
          </td>
          <td className="number">{count(events)}</td>
          <td>
            <Time at={firstAt} />
          </td>
          <td>
            <Time at={lastAt} />
          </td>
          <td>
            {parked
              .filter((one) => one.schemaId === schemaId)
              .map(({ database, code, count: events2 }) => (
                <Link
                  key={`${database}/${code}`}
                  href={parkedAddress({ database, dataset, code, schema: schemaId ?? undefined })}
                >
                  {database}-sync · {code} {count(events2)}
                </Link>
              ))}
          </td>
        </tr>
      ))}
    </TableSection>
  );
}

function Versions({ schemas: { versions, compatibility, readerId } }: { schemas: Schemas }) {
  const { say, count } = useSurroundings();
  return (
    <TableSection
      title={say('versionsOfSchema')}
      heads={['schemaVersion', 'schemaId', 'fieldCount', 'reading']}
      numbers={new Set(['fieldCount'])}
      isNarrow
      intro={
        <p>
          {say('compatibility')}: <strong>{compatibility}</strong> · {say('readAs')} <strong>{readerId}</strong>
        </p>
      }
      empty={say('noVersionsOfSchema')}
    >
      {versions
        .map(({ version, id, fields, reading }) => (
          <tr key={version}>
            <th scope="row">{version}</th>
            <td>
              {id} {id === readerId && <span className="hint">({say('isReader')})</span>}
            </td>
            <td className="number">{count(fields.length)}</td>
            <td>
              <Reading reading={reading} />
            </td>
          </tr>
        ))
        .toReversed()}
    </TableSection>
  );
}

function Differences({ topic, schemas: { versions } }: { topic: string; schemas: Schemas }) {
  const { say, sentence } = useSurroundings();
  const numbers = versions.map(({ version }) => version);
  const [from, setFrom] = useState(numbers.at(-2)!);
  const [to, setTo] = useState(numbers.at(-1)!);
  const { answer, problem } = usePolled<SchemaComparison>(`/v1/topics/${topic}/schemas/${from}/${to}`, everyMs);
  const choice = (word: 'from' | 'to', value: number, choose: (version: number) => void) => (
    <label>
      <span>{say(word)}</span>
      <Select<number>
        aria-label={say(word)}
        value={value}
        onChange={choose}
        options={numbers.map((number) => ({ value: number, label: String(number) }))}
      />
    </label>
  );
  return (
    <TableSection
      title={say('differencesOf')}
      heads={['field', 'before', 'after']}
      isNarrow
      intro={
        <>
          <div className="filters" role="group" aria-label={say('differencesOf')}>
            {choice('from', from, setFrom)}
            {choice('to', to, setTo)}
          </div>
          {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
          {answer && (
            <p className="judgements">
              <span className={`verdict verdict-${answer.isBackward ? 'ok' : 'stop'}`}>
                {say(answer.isBackward ? 'isBackward' : 'isNotBackward')}
              </span>{' '}
              <span className={`verdict verdict-${answer.isForward ? 'ok' : 'warn'}`}>
                {say(answer.isForward ? 'isForward' : 'isNotForward')}
              </span>
            </p>
          )}
        </>
      }
      empty={answer && say('sameFields')}
    >
      {answer?.differences.map(({ name, from: before, to: after }: FieldDifference) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td className="value">
            <FieldText field={before} />
          </td>
          <td className="value">
            <FieldText field={after} />
          </td>
        </tr>
      ))}
    </TableSection>
  );
}

function FieldText({ field }: { field: SchemaField | null }) {
  const { say } = useSurroundings();
  if (!field) return <span className="hint">{say('notThere')}</span>;
  return (
    <>
      <code>{field.type}</code>
      {field.default !== null && ` · ${say('defaultIs')} ${field.default}`}
      <br />
      <span className="hint">{field.doc}</span>
    </>
  );
}
