import { Alert } from 'antd';
import { useEffect, useRef } from 'react';
import type { GroupRow, Groups } from '../src/contract.ts';
import { useAddress } from './address.tsx';
import { usePolled } from './back-end.ts';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import { Verdict } from './verdict.tsx';
import { words, type Word } from './words.ts';

const columns = ['verdict', 'group', 'topic', 'groupState', 'records', 'seconds', 'asOf'] as const;
const numeric: ReadonlySet<string> = new Set(['records', 'seconds']);

/** Every consumer group on the brokers, subscribers' and outsiders' too, by what each has committed. */
export function LagGroups() {
  const { say, sentence } = useSurroundings();
  const { answer, problem } = usePolled<Groups>('/v1/groups', 2_500);
  const intro = problem ? (
    <Alert type="error" showIcon title={say('failed')} description={sentence(problem.message)} />
  ) : (
    <p className="hint">{say('groupsAre')}</p>
  );
  return (
    <TableSection
      title={say('groups')}
      intro={intro}
      empty={answer && say('noGroups')}
      heads={columns}
      numbers={numeric}
    >
      {(problem ? [] : (answer?.groups ?? [])).map((group) => (
        <GroupLine key={`${group.groupId}/${group.topic}`} group={group} />
      ))}
    </TableSection>
  );
}

/** A group in one topic; the one that the address names is marked, and brought into sight. */
function GroupLine({ group }: { group: GroupRow }) {
  const { say, count, duration } = useSurroundings();
  const { query } = useAddress();
  const row = useRef<HTMLTableRowElement>(null);
  const { groupId, topic, state, members, verdict, records, seconds, asOf } = group;
  const isNamed = query.get('group') === groupId && query.get('topic') === topic;
  useEffect(() => {
    if (isNamed) row.current?.scrollIntoView({ block: 'center' });
  }, [isNamed]);
  const sentence = `groupSays.${verdict}`;
  const kafkaState = `groupState.${state}`;
  return (
    <tr ref={row} aria-current={isNamed ? 'true' : undefined}>
      <td>
        <div className="judged">
          <Verdict verdict={verdict} />
          {sentence in words && <span className="sentence">{say(sentence as Word)}</span>}
        </div>
      </td>
      <th scope="row">{groupId}</th>
      <td>{topic}</td>
      <td>
        {kafkaState in words ? say(kafkaState as Word) : state} · {count(members)}
      </td>
      <td className="number">{count(records)}</td>
      <td className="number">{duration(seconds)}</td>
      <td>
        <Time at={asOf} />
      </td>
    </tr>
  );
}
