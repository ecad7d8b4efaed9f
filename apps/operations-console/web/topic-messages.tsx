import { Alert, Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import type { TopicMessage, TopicPage, TopicState } from '../src/contract.ts';
import { go, topicsAddress, useAddress } from './address.tsx';
import { ask, type Problem } from './back-end.ts';
import { ExportTable } from './export-table.tsx';
import { Purpose } from './purpose.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import { TopicMessageRow } from './topic-message.tsx';

/** What one looks for. The key and the purpose are only here and in the request's body, never in the address. */
interface Question {
  readonly key: string;
  readonly purpose: string;
  readonly unmask: boolean;
}
const nobody: Question = { key: '', purpose: '', unmask: false };

/** What was found so far, over all pages of one look. */
interface Found {
  readonly messages: readonly TopicMessage[];
  readonly scanned: number;
  readonly looked: TopicPage['looked'];
  readonly isEnd: boolean;
}

/** The messages of a topic, decoded: newest first unless asked otherwise, and on from where the look before stopped. */
export function TopicMessages({ state }: { state: TopicState }) {
  const { say, sentence } = useSurroundings();
  const { query } = useAddress();
  const chosen = query.toString();
  const bodyOf = (who: Question): object => ({ topic: state.topic, ...inAddress(query), ...inBody(who) });
  const [question, setQuestion] = useState(nobody);
  const [asked, setAsked] = useState(nobody);
  const [found, setFound] = useState<Found>();
  const [answering, setAnswering] = useState<{ busy: boolean; problem?: Problem }>({ busy: true });
  /** Whoever asks anew no longer wants the answer before. */
  const newest = useRef(0);
  const look = (who: Question, before?: Found): void => {
    const mine = (newest.current += 1);
    setAnswering({ busy: true });
    const edges = before?.looked.map(({ partition: at, edge }) => ({ partition: at, edge }));
    ask<TopicPage>('/v1/topics/messages', { ...bodyOf(who), ...(edges && { edges }) }).then(
      (page) => {
        if (mine !== newest.current) return;
        setFound(before ? joined(before, page) : page);
        setAnswering({ busy: false });
      },
      (problem: unknown) => {
        if (mine === newest.current) setAnswering({ busy: false, problem: problem as Problem });
      },
    );
  };
  // What the address says is looked at, at once; a key or values only when somebody asks.
  useEffect(() => look(asked), [chosen]);
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    setAsked(question);
    setFound(undefined);
    look(question);
  };
  const { busy, problem } = answering;
  return (
    <>
      <Filters state={state} />
      <SavedFilters />
      <WhoIsLookedFor {...{ question, setQuestion, send }} />
      <TableSection
        title={say('messages')}
        heads={['', 'cameAt', 'partition', 'offset', 'what', 'event', 'key', 'schemaId', 'size']}
        numbers={new Set(['partition', 'offset', 'schemaId', 'size'])}
        intro={
          <div role="status" aria-live="polite">
            {busy && !found && <p>{say('finding')}</p>}
            {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
            {found && <HowFar found={found} />}
            <ExportTable name="messages" of={bodyOf(asked)} isIdle={!found} />
          </div>
        }
        empty={found && say('noMessages')}
        more={
          found &&
          !found.isEnd && (
            <Button disabled={busy} onClick={() => look(asked, found)}>
              {say('goOn')}
            </Button>
          )
        }
      >
        {found?.messages.map((message) => (
          <TopicMessageRow key={`${message.partition}/${message.offset}`} message={message} />
        ))}
      </TableSection>
    </>
  );
}

/** What the address says of a look, as the back end takes it. */
function inAddress(query: URLSearchParams): object {
  const { order, kind, partition, offset, time } = Object.fromEntries(query);
  return {
    ...(order && { order }),
    ...(partition && { partition: Number(partition) }),
    ...(offset && { offset: Number(offset) }),
    ...(time && { time }),
    ...(kind && { kinds: [kind] }),
  };
}

const inBody = ({ key, purpose, unmask }: Question): object => ({
  ...(key && { key }),
  ...(purpose && { purpose }),
  ...(unmask && { unmask }),
});

function joined(before: Found, { messages, scanned, looked, isEnd }: TopicPage): Found {
  const earlier = new Map(before.looked.map((one) => [one.partition, one]));
  return {
    messages: [...before.messages, ...messages],
    scanned: before.scanned + scanned,
    looked: looked.map((one) => {
      const known = earlier.get(one.partition) ?? one;
      return { ...one, from: Math.min(one.from, known.from), before: Math.max(one.before, known.before) };
    }),
    isEnd,
  };
}

/** How many messages were decoded, and which offsets of each partition were looked at. */
function HowFar({ found: { scanned, looked, isEnd } }: { found: Found }) {
  const { say, count } = useSurroundings();
  const seen = looked.filter(({ from, before }) => before > from);
  return (
    <>
      <p className="hint">
        {say('scanned')} {count(scanned)} {say('ofMessages')} · {say(isEnd ? 'atTheEnd' : 'notTheEnd')}
      </p>
      {seen.length > 0 && (
        <details>
          <summary>{say('lookedAt')}</summary>
          <ul className="outcomes">
            {seen.map(({ partition, from, before, begin, end }) => (
              <li key={partition}>
                {say('partition')} {partition}: {from}–{before - 1} ({say('ofOffsets')} {begin}–{end - 1})
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** What the address says of the look: nothing of it is about anybody. */
function Filters({ state: { topic, dataset, partitions } }: { state: TopicState }) {
  const { say } = useSurroundings();
  const { query } = useAddress();
  const chosen = Object.fromEntries(query);
  const choose = (name: string, value: string): void => go(topicsAddress({ ...chosen, topic, [name]: value }));
  const kinds = [dataset ? 'event' : 'change', ...(dataset ? (['control'] as const) : []), 'unreadable'] as const;
  return (
    <div className="filters" role="group" aria-label={say('filters')}>
      <Choice
        name="order"
        value={chosen['order'] ?? ''}
        choose={choose}
        options={[
          { value: '', label: say('newestFirst') },
          { value: 'oldest', label: say('oldestFirst') },
        ]}
      />
      <Choice
        name="kind"
        value={chosen['kind'] ?? ''}
        choose={choose}
        options={[
          { value: '', label: say('all') },
          ...kinds.map((kind) => ({ value: kind, label: say(`kind.${kind}`) })),
        ]}
      />
      <Choice
        name="partition"
        value={chosen['partition'] ?? ''}
        choose={choose}
        options={[
          { value: '', label: say('allPartitions') },
          ...(partitions ?? []).map((_, at) => ({ value: String(at), label: String(at) })),
        ]}
      />
      <label>
        <span>{say('fromTime')}</span>
        <Input
          key={chosen['time']}
          type="datetime-local"
          step={1}
          defaultValue={localOf(chosen['time'])}
          onBlur={({ target }) => choose('time', target.value && new Date(target.value).toISOString())}
        />
      </label>
      <label>
        <span>{say('fromOffset')}</span>
        <InputNumber
          key={chosen['offset']}
          min={0}
          precision={0}
          disabled={!chosen['partition']}
          {...(chosen['offset'] && { defaultValue: Number(chosen['offset']) })}
          onBlur={({ target }) => choose('offset', target.value)}
        />
      </label>
    </div>
  );
}

function Choice(props: {
  name: 'order' | 'kind' | 'partition';
  value: string;
  options: { value: string; label: string }[];
  choose: (name: string, value: string) => void;
}) {
  const { name, value, options, choose } = props;
  const { say } = useSurroundings();
  return (
    <label>
      <span>{say(name)}</span>
      <Select<string>
        aria-label={say(name)}
        value={value}
        options={options}
        popupMatchSelectWidth={false}
        onChange={(chosen) => choose(name, chosen)}
      />
    </label>
  );
}

/** An instant as the browser's own field for times has it, in the viewer's zone. */
function localOf(time: string | undefined): string {
  if (time === undefined || Number.isNaN(Date.parse(time))) return '';
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** A key, a purpose, and to stewards whether values are shown. */
function WhoIsLookedFor(props: {
  question: Question;
  setQuestion: (question: Question) => void;
  send: (event: SyntheticEvent) => void;
}) {
  const { question, setQuestion, send } = props;
  const { say, session } = useSurroundings();
  return (
    <form className="follow looking" onSubmit={send} autoComplete="off">
      <div>
        <label htmlFor="key">{say('messageKey')}</label>
        <Input
          id="key"
          value={question.key}
          maxLength={200}
          aria-describedby="key-why"
          onChange={({ target }) => setQuestion({ ...question, key: target.value.trim() })}
        />
        <p id="key-why" className="hint">
          {say('keyWhy')}
        </p>
      </div>
      <div>
        <Purpose
          value={question.purpose}
          onChange={(purpose) => setQuestion({ ...question, purpose })}
          why="unmaskTopicWhy"
        />
      </div>
      {session.role === 'steward' && (
        <Checkbox
          checked={question.unmask}
          onChange={({ target }) => setQuestion({ ...question, unmask: target.checked })}
        >
          {say('showValues')}
        </Checkbox>
      )}
      <Button type="primary" htmlType="submit">
        {say('look')}
      </Button>
    </form>
  );
}
