import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import type { Alarms, ListedSilence } from '../src/contract.ts';
import { alarmsAddress, go, useAddress } from './address.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';

type Act = (path: string, body: object) => void;

/** What nobody is told of for a time; operators silence and end silences. */
export function AlarmSilences(props: Pick<Alarms, 'alarms' | 'silences' | 'rules'> & { act: Act }) {
  const { say, session } = useSurroundings();
  const { query } = useAddress();
  return (
    <TableSection
      title={say('silences')}
      intro={<p className="hint">{say('silencesSay')}</p>}
      heads={['rule', 'dataset', 'place', 'until', 'reason', 'by']}
      empty={say('noSilences')}
      more={session.role === 'operator' && <SilenceForm key={query.toString()} {...props} />}
    >
      {props.silences.map((silence) => (
        <Silence key={silence.id} silence={silence} act={props.act} />
      ))}
    </TableSection>
  );
}

function Silence({ silence, act }: { silence: ListedSilence; act: Act }) {
  const { say, dataset, subject, session } = useSurroundings();
  const { id, rule, place, until, reason, by, at, endedBy } = silence;
  const holds = endedBy === null && Date.parse(until) > Date.now();
  return (
    <tr>
      <th scope="row">{rule ? say(`rule.${rule}`) : say('all')}</th>
      <td>{silence.dataset ? dataset(silence.dataset) : say('all')}</td>
      <td>{place ? subject(place) : say('all')}</td>
      <td>
        <Time at={until} />
        <br />
        {endedBy && (
          <span className="hint">
            {say('endedBy')} {endedBy}
          </span>
        )}
        {!endedBy && !holds && <span className="hint">{say('isOver')}</span>}
        {holds && session.role === 'operator' && (
          <Button size="small" onClick={() => act(`/v1/silences/${id}/end`, {})}>
            {say('endSilence')}
          </Button>
        )}
      </td>
      <td className="reason">{reason}</td>
      <td>
        {by}
        <br />
        <span className="hint">
          <Time at={at} />
        </span>
      </td>
    </tr>
  );
}

const lengths = [
  { word: 'hour', minutes: 60 },
  { word: 'hours4', minutes: 240 },
  { word: 'day', minutes: 1_440 },
  { word: 'week', minutes: 10_080 },
] as const;

/** Which alarms, for how long and why; the address names the alarms, so that the button of one leads here. */
function SilenceForm({ alarms, rules, act }: Pick<Alarms, 'alarms' | 'rules'> & { act: Act }) {
  const { say, session, dataset, subject } = useSurroundings();
  const { query } = useAddress();
  const named = { rule: query.get('rule'), dataset: query.get('dataset'), place: query.get('place') };
  const isNamed = Object.values(named).some((name) => name !== null);
  const [minutes, setMinutes] = useState<number>(60);
  const [reason, setReason] = useState('');
  const places = new Set([
    ...session.subjects.flatMap(({ name, database }) => [name, database]),
    ...alarms.map(({ place }) => place),
  ]);
  const options = {
    rule: rules.map((value) => ({ value, label: say(`rule.${value}`) })),
    dataset: session.datasets.map(({ name }) => ({ value: name, label: dataset(name) })),
    place: [...places].map((value) => ({ value, label: subject(value) })),
  };
  const send = (): void => {
    act('/v1/silences', { ...named, minutes, reason });
    go('/alarms');
  };
  return (
    <form
      className="panel"
      aria-label={say('silence')}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="filters">
        {(['rule', 'dataset', 'place'] as const).map((name) => (
          <label key={name}>
            <span>{say(name)}</span>
            <Select<string>
              aria-label={say(name)}
              value={named[name] ?? ''}
              options={[{ value: '', label: say('all') }, ...options[name]]}
              popupMatchSelectWidth={false}
              onChange={(value) => go(alarmsAddress({ ...defined(named), [name]: value }))}
            />
          </label>
        ))}
        <label>
          <span>{say('forHowLong')}</span>
          <Select<number>
            aria-label={say('forHowLong')}
            value={minutes}
            options={lengths.map(({ word, minutes: value }) => ({ value, label: say(word) }))}
            onChange={setMinutes}
          />
        </label>
      </div>
      <div className="reasoned">
        <label htmlFor="why-silence">{say('reason')}</label>
        <Input
          id="why-silence"
          value={reason}
          maxLength={500}
          autoFocus={isNamed}
          onChange={({ target }) => setReason(target.value)}
        />
      </div>
      <span className="buttons">
        <Button type="primary" htmlType="submit" disabled={!isNamed || reason.trim().length < 2}>
          {say('silence')}
        </Button>
      </span>
    </form>
  );
}

const defined = (named: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(named).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
