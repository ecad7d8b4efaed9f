import { Alert, Button, Input } from 'antd';
import { useState, type SyntheticEvent } from 'react';
import type { Asked, ParkedDetail } from '../src/contract.ts';
import { ask, type Problem } from './back-end.ts';
import { useSurroundings } from './surroundings.tsx';

type Field = ParkedDetail['fields'][number];

/** Puts an event right, field by field, and has it applied so. Only for a steward who sees what it says. */
export function ParkedCorrection({ detail, again }: { detail: ParkedDetail; again: () => void }) {
  const { say, sentence, count, language } = useSurroundings();
  const [changed, setChanged] = useState<Readonly<Record<string, string>>>({});
  const [reason, setReason] = useState('');
  const [state, setState] = useState<{ asked?: Asked; problem?: Problem }>({});
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    const body = { database: detail.database, id: detail.id, event: corrected(detail, changed), reason };
    ask<Asked>('/v1/parked/corrections', body).then(
      (asked) => {
        setState({ asked });
        again();
      },
      (problem: unknown) => setState({ problem: problem as Problem }),
    );
  };
  return (
    <section aria-labelledby="correct">
      <h2 id="correct">{say('correct')}</h2>
      <p className="hint">{say('correctWhy')}</p>
      <form className="correction" onSubmit={send} autoComplete="off">
        {detail.fields
          .filter(({ type }) => type !== undefined)
          .map(({ name, title, value }) => (
            <label key={name}>
              <span>{title[language]}</span>
              <Input
                value={changed[name] ?? value ?? ''}
                status={detail.problem?.field === name ? 'error' : ''}
                onChange={({ target }) => setChanged({ ...changed, [name]: target.value })}
              />
            </label>
          ))}
        <label className="whole">
          <span>{say('reason')}</span>
          <Input
            value={reason}
            required
            minLength={2}
            maxLength={500}
            onChange={({ target }) => setReason(target.value)}
          />
        </label>
        <Button type="primary" htmlType="submit" disabled={Object.keys(changed).length === 0}>
          {say('correct')}
        </Button>
      </form>
      <div role="status" aria-live="polite">
        {state.asked && (
          <p className="hint">
            {state.asked.asked > 0 ? `${say('askedFor')} ${count(state.asked.asked)}` : say('askedBefore')}
          </p>
        )}
        {state.problem && <Alert type="warning" showIcon title={sentence(state.problem.message)} />}
      </div>
    </section>
  );
}

/** The event with what was typed in its place, of the type that its field has; what is empty is null. */
function corrected({ json, fields }: ParkedDetail, changed: Readonly<Record<string, string>>): object {
  const event = structuredClone(json) as Record<string, unknown> & { data: Record<string, unknown> | null };
  for (const [name, text] of Object.entries(changed)) {
    const value = valueOf(
      fields.find((field) => field.name === name)!,
      text.trim(),
    );
    if (name.startsWith('data.')) event.data = { ...event.data, [name.slice(5)]: value };
    else event[name] = value;
  }
  return event;
}

function valueOf({ type }: Field, text: string): unknown {
  if (text === '') return null;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  const isNumber = type === 'int' || type === 'long' || type === 'double';
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}
