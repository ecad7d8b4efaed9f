import { Alert, Empty } from 'antd';
import type { ParkedGroup } from '../src/contract.ts';
import { Link, parkedAddress, useAddress } from './address.tsx';
import { ParkedCause } from './parked-cause.tsx';
import { ParkedEventView } from './parked-event.tsx';
import { Cause, ParkedWork } from './parked-work.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { Time, useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';

/** Events that wait for people: by cause, then those of one cause, then one of them; the address says which. */
export function ParkedPage() {
  const { query } = useAddress();
  const { database, id, dataset, code, schema } = Object.fromEntries(query);
  if (database && id) return <ParkedEventView key={`${database}/${id}`} database={database} id={Number(id)} />;
  if (database && dataset && code)
    return (
      <ParkedCause
        key={query.toString().replace(/&?tried=[^&]*/, '')}
        cause={{ database, dataset, code, schemaId: schema === undefined ? null : Number(schema) }}
      />
    );
  return (
    <>
      <SavedFilters />
      <Causes />
      <ParkedWork />
    </>
  );
}

const columns = ['dataset', 'cause', 'events', 'department', 'service', 'schema', 'firstSeen', 'lastSeen'] as const;

function Causes() {
  const { live, say, subject } = useSurroundings();
  const away = live.databases.filter(({ parked }) => parked === null);
  const groups = live.databases
    .flatMap(({ parked }) => parked ?? [])
    .toSorted((a, b) => b.count - a.count || (a.lastAt < b.lastAt ? 1 : -1));
  return (
    <TableSection
      title={say('causes')}
      intro={away.map(({ database }) => (
        <Alert key={database} type="error" showIcon title={`${subject(database)} · ${say('unreachable')}`} />
      ))}
      heads={columns}
      numbers={new Set(['events'])}
      empty={away.length === 0 && <Empty description={say('nothingParked')} />}
    >
      {groups.map((group) => (
        <CauseRow key={`${group.database}/${group.dataset}/${group.code}/${String(group.schemaId)}`} {...{ group }} />
      ))}
    </TableSection>
  );
}

function CauseRow({ group }: { group: ParkedGroup }) {
  const { session, dataset, department, count } = useSurroundings();
  const { database, code, schemaId } = group;
  const provider = session.datasets.find(({ name }) => name === group.dataset)?.department ?? '';
  return (
    <tr>
      <th scope="row" title={group.dataset}>
        <Link href={parkedAddress({ database, dataset: group.dataset, code, schema: schemaId ?? undefined })}>
          {dataset(group.dataset)}
        </Link>
      </th>
      <td>
        <Cause code={code} />
      </td>
      <td className="number">{count(group.count)}</td>
      <td>{department(provider)}</td>
      <td>{database}-sync</td>
      <td>{schemaId ?? '–'}</td>
      <td>
        <Time at={group.firstAt} />
      </td>
      <td>
        <Time at={group.lastAt} />
      </td>
    </tr>
  );
}
