import { useState } from 'react';
import type { TopicMessage } from '../src/contract.ts';
import { Link } from './address.tsx';
import { FieldRow } from './field-row.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { Expand } from './table-frame.tsx';
import { words, type Word } from './words.ts';

/** One message: what it is, and opened, what it says as far as one may see it. */
export function TopicMessageRow({ message }: { message: TopicMessage }) {
  const { say, count } = useSurroundings();
  const [isOpen, setOpen] = useState(false);
  const { partition, offset, at, eventId, schemaId, bytes, fields } = message;
  const key = fields.find(({ name }) => name === 'key');
  return (
    <>
      <tr>
        <td>
          <Expand isOpen={isOpen} name={`${say('details')}: ${partition}, ${offset}`} toggle={() => setOpen(!isOpen)} />
        </td>
        <td>
          <Time at={at} />
        </td>
        <td className="number">{partition}</td>
        <th scope="row" className="number">
          {offset}
        </th>
        <td>
          <What message={message} />
        </td>
        <td className="event-ids">{eventId ? <Link href={`/follow?event=${eventId}`}>{eventId}</Link> : '–'}</td>
        <td>{key?.isSet ? (key.value ?? say('masked')) : '–'}</td>
        <td className="number">{schemaId ?? '–'}</td>
        <td className="number">{count(bytes.length)}</td>
      </tr>
      {isOpen && (
        <tr className="opened">
          <td />
          <td colSpan={8}>
            <Said message={message} />
          </td>
        </tr>
      )}
    </>
  );
}

function What({ message: { kind, code, verb, sourceVersion, control } }: { message: TopicMessage }) {
  const { say, count, verbOf } = useSurroundings();
  if (control) {
    const { records, register } = control;
    return (
      <>
        {say(`control.${control.kind}`)}
        {register !== null && ` · ${register} · ${say('records2')} ${count(records)}`}
      </>
    );
  }
  if (kind === 'unreadable')
    return (
      <span className="judged">
        <span className="verdict verdict-stop">{code}</span>
        <span className="sentence">{`code.${code!}` in words && say(`code.${code!}` as Word)}</span>
      </span>
    );
  const version = sourceVersion === null ? '' : ` · ${say('version')} ${sourceVersion}`;
  return `${verbOf(verb!)}${version}`;
}

function Said({ message }: { message: TopicMessage }) {
  const { say } = useSurroundings();
  const { fields, headers, bytes, recordedAt, control } = message;
  return (
    <div className="said">
      {recordedAt && (
        <p>
          {say('recorded')} <Time at={recordedAt} />
        </p>
      )}
      {control?.at && (
        <p>
          {say('asOf')} <Time at={control.at} />
        </p>
      )}
      {fields.length > 0 && (
        <table className="lanes">
          <caption>{say('fields')}</caption>
          <tbody>
            {fields.map((field) => (
              <FieldRow key={field.name} field={field} />
            ))}
          </tbody>
        </table>
      )}
      {headers.length > 0 && (
        <table className="lanes">
          <caption>{say('headers')}</caption>
          <tbody>
            {headers.map(({ name, value }, at) => (
              <tr key={at}>
                <th scope="row">{name}</th>
                <td className="value">{value ?? say('masked')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {bytes.shown !== null && <pre className="bytes">{bytes.shown}</pre>}
    </div>
  );
}
