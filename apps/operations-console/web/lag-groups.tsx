import { Alert } from 'antd';
import type { GroupRow, Groups } from '../src/contract.ts';
import { usePolled } from './back-end.ts';
import { useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';
import { Verdict } from './verdict.tsx';

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

function GroupLine({ group }: { group: GroupRow }) {
  const { say, count, duration, moment } = useSurroundings();
  const { groupId, topic, state, members, verdict, records, seconds, asOf } = group;
  return (
    <tr>
      <td>
        <Verdict verdict={verdict} />
      </td>
      <th scope="row">{groupId}</th>
      <td>{topic}</td>
      <td>
        {state} · {count(members)} {say('members')}
      </td>
      <td className="number">{count(records)}</td>
      <td className="number">{duration(seconds)}</td>
      <td>{asOf ? moment(asOf) : say('unknown')}</td>
    </tr>
  );
}
