import { Alert } from 'antd';
import type { Topics, TopicState } from '../src/contract.ts';
import { Link, topicsAddress, useAddress } from './address.tsx';
import { usePolled } from './back-end.ts';
import { useSurroundings } from './surroundings.tsx';
import { Table, TableSection } from './table-frame.tsx';
import { TopicMessages } from './topic-messages.tsx';
import { TopicSchemas } from './topic-schemas.tsx';
import { words, type Word } from './words.ts';

/** What lies on the brokers: all topics, or one of them with its messages or its schemas; the address says which. */
export function TopicsPage() {
  const { say, sentence } = useSurroundings();
  const { query } = useAddress();
  const { answer, problem } = usePolled<Topics>('/v1/topics', 5_000);
  const topic = query.get('topic');
  const one = topic && answer?.topics.find((each) => each.topic === topic);
  return (
    <>
      {problem && <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />}
      {!answer && !problem && <p role="status">{say('finding')}</p>}
      {answer && !topic && <TopicTable topics={answer.topics} />}
      {topic && answer && !one && <Alert type="warning" showIcon title={`${topic} · ${say('missingTopic')}`} />}
      {one && <OneTopic key={one.topic} state={one} />}
    </>
  );
}

const heads = ['topic', 'holds', 'messages', 'lastMinute', 'partitions', 'keptFor', 'schemas'] as const;
const figures: ReadonlySet<string> = new Set(['messages', 'lastMinute', 'partitions']);

function TopicTable({ topics }: { topics: readonly TopicState[] }) {
  const { say, count } = useSurroundings();
  const holds = useHolds();
  const kept = useKept();
  return (
    <TableSection title={say('topics')} heads={heads} numbers={figures}>
      {topics.map((state) => (
        <tr key={state.topic}>
          <th scope="row">
            <Link href={topicsAddress({ topic: state.topic })}>{state.topic}</Link>
          </th>
          <td>{holds(state)}</td>
          <td className="number">{count(messagesOf(state))}</td>
          <td className="number">{count(state.lastMinute)}</td>
          <td className="number">{count(state.partitions?.length ?? null)}</td>
          <td>{kept(state)}</td>
          <td>
            {state.dataset ? (
              <Link href={topicsAddress({ topic: state.topic, view: 'schemas' })}>{say('schemas')}</Link>
            ) : (
              'JSON'
            )}
          </td>
        </tr>
      ))}
    </TableSection>
  );
}

const messagesOf = ({ partitions }: TopicState): number | null =>
  partitions && partitions.reduce((sum, { begin, end }) => sum + end - begin, 0);

function useHolds(): (state: TopicState) => string {
  const { say, dataset, subject } = useSurroundings();
  return (state) => (state.dataset ? dataset(state.dataset) : `${subject(state.subject ?? '')} · ${say('changesOf')}`);
}

/** How long a topic keeps its messages; a broker that does not have it keeps none. */
function useKept(): (state: TopicState) => string {
  const { say, count, duration } = useSurroundings();
  return ({ kept }) => {
    if (!kept) return say('missingTopic');
    const { cleanupPolicy, retentionMs, retentionBytes } = kept;
    const policy = cleanupPolicy
      .split(',')
      .map((name) => (`policy.${name}` in words ? say(`policy.${name}` as Word) : name))
      .join(' · ');
    if (retentionMs === null && retentionBytes === null)
      return cleanupPolicy === 'delete' ? say('keptForEver') : policy;
    const limits = [
      retentionMs === null ? '' : duration(retentionMs / 1_000),
      retentionBytes === null ? '' : `${count(retentionBytes)} ${say('size')}`,
    ];
    return [policy, ...limits.filter((limit) => limit !== '')].join(' · ');
  };
}

const views = ['messages', 'schemas'] as const;

function OneTopic({ state }: { state: TopicState }) {
  const { say, count } = useSurroundings();
  const { query } = useAddress();
  const holds = useHolds();
  const kept = useKept();
  const { topic } = state;
  const shown = query.get('view') === 'schemas' && state.dataset ? 'schemas' : 'messages';
  return (
    <>
      <p>
        <Link href={topicsAddress({})}>← {say('allTopics')}</Link>
      </p>
      <h2 className="topic">
        {holds(state)} <code>{topic}</code>
      </h2>
      <p>
        {say('messages')} <strong>{count(messagesOf(state))}</strong> · {say('lastMinute')}{' '}
        <strong>{count(state.lastMinute)}</strong> · {say('keptFor')}: {kept(state)}
      </p>
      {state.dataset && (
        <nav className="views" aria-label={topic}>
          {views.map((view) => (
            <Link
              key={view}
              href={topicsAddress({ topic, ...(view === 'schemas' && { view }) })}
              aria-current={view === shown ? 'page' : undefined}
            >
              {say(view === 'schemas' ? 'schemas' : 'browse')}
            </Link>
          ))}
        </nav>
      )}
      {shown === 'schemas' ? <TopicSchemas topic={topic} dataset={state.dataset!} /> : <TopicMessages state={state} />}
      <Partitions state={state} />
    </>
  );
}

function Partitions({ state: { partitions } }: { state: TopicState }) {
  const { say, count } = useSurroundings();
  if (!partitions) return null;
  return (
    <details>
      <summary>{say('partitions')}</summary>
      <Table
        name={say('partitions')}
        heads={['partition', 'firstOffset', 'nextOffset', 'messages']}
        numbers={new Set(['firstOffset', 'nextOffset', 'messages'])}
        isNarrow
      >
        {partitions.map(({ begin, end }, at) => (
          <tr key={at}>
            <th scope="row">{at}</th>
            <td className="number">{count(begin)}</td>
            <td className="number">{count(end)}</td>
            <td className="number">{count(end - begin)}</td>
          </tr>
        ))}
      </Table>
    </details>
  );
}
