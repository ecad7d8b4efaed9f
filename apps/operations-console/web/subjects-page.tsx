import { Alert, Button, Input, Segmented } from 'antd';
import { useState, type SyntheticEvent } from 'react';
import type { SubjectHits } from '../src/contract.ts';
import { Link, subjectAddress, useAddress } from './address.tsx';
import { ask, type Problem } from './back-end.ts';
import { SubjectRecord } from './subject-record.tsx';
import { reasonOf, SightPanel, type Sight } from './subjects-sight.tsx';
import { Purpose } from './purpose.tsx';
import { useSurroundings } from './surroundings.tsx';
import { TableSection } from './table-frame.tsx';

const ways = ['id', 'name', 'address'] as const;

interface Asked {
  readonly by: (typeof ways)[number];
  readonly text: string;
}

interface Searched {
  readonly asked?: Asked;
  readonly hits?: SubjectHits;
  readonly problem?: Problem;
  readonly busy: boolean;
}

/**
 * Subjects: looked for, then one of them opened. The address names the one that is open by a handle; why one reads, and what
 * was found, stay in this page and go with it.
 */
export function SubjectsPage() {
  const { say, session } = useSurroundings();
  const { query } = useAddress();
  const handle = query.get('subject') ?? undefined;
  const [sight, setSight] = useState<Sight>({ purpose: '', unmasked: undefined });
  const [searched, setSearched] = useState<Searched>({ busy: false });
  const find = (asked: Asked, next: Sight): void => {
    setSight(next);
    setSearched({ asked, busy: true });
    ask<SubjectHits>('/v1/subjects/search', { ...asked, ...reasonOf(next) }).then(
      (hits) => setSearched({ asked, hits, busy: false }),
      (problem: unknown) => setSearched({ asked, problem: problem as Problem, busy: false }),
    );
  };
  const show = (unmasked: Sight['unmasked'], purpose = sight.purpose): void => {
    const next = { purpose, unmasked };
    if (unmasked && searched.asked && !handle) find(searched.asked, next);
    else setSight(next);
    if (!unmasked) setSearched(masked);
  };
  const isReady = sight.purpose !== '';
  return (
    <>
      {handle ? (
        <p>
          <Link href={subjectAddress()}>← {say('backToFound')}</Link>
        </p>
      ) : (
        <Search {...{ sight, find }} isBusy={searched.busy} />
      )}
      {handle && !isReady && <StatePurpose state={(purpose) => setSight({ ...sight, purpose })} />}
      {(isReady || (!handle && session.role === 'steward')) && <SightPanel key={sight.purpose} {...{ sight, show }} />}
      {handle
        ? isReady && <SubjectRecord key={`${handle}${sight.unmasked?.grant ?? ''}`} {...{ handle, sight }} />
        : searched.hits && <Found hits={searched.hits} />}
      <Said searched={handle ? { busy: false } : searched} />
    </>
  );
}

/** What was found, without what it says: what is left when the right to see it is over. */
const masked = ({ hits, ...rest }: Searched): Searched => ({
  ...rest,
  ...(hits && {
    hits: {
      ...hits,
      hits: hits.hits.map((hit) => ({ ...hit, fields: hit.fields.map((field) => ({ ...field, value: null })) })),
    },
  }),
});

function Search({
  sight,
  find,
  isBusy,
}: {
  sight: Sight;
  find: (asked: Asked, sight: Sight) => void;
  isBusy: boolean;
}) {
  const { say } = useSurroundings();
  const [by, setBy] = useState<Asked['by']>('id');
  const [text, setText] = useState('');
  const [purpose, setPurpose] = useState(sight.purpose);
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    // Another purpose ends what was granted for the first.
    find({ by, text }, purpose === sight.purpose ? sight : { purpose, unmasked: undefined });
  };
  return (
    <form className="follow" onSubmit={send} autoComplete="off" role="search">
      <Segmented
        aria-label={say('searchBy')}
        name="by"
        value={by}
        onChange={setBy}
        options={ways.map((way) => ({ value: way, label: say(`by.${way}`) }))}
      />
      <label htmlFor="text">{say('searchText')}</label>
      <Input
        id="text"
        value={text}
        maxLength={100}
        required
        aria-describedby="text-how"
        onChange={({ target }) => setText(target.value)}
      />
      <p id="text-how" className="hint">
        {say(`how.${by}`)}
      </p>
      <Purpose value={purpose} onChange={setPurpose} why="searchWhy" required minLength={2} />
      <Button type="primary" htmlType="submit" disabled={isBusy}>
        {say('find')}
      </Button>
    </form>
  );
}

/** Whoever comes by a link says first what for. */
function StatePurpose({ state }: { state: (purpose: string) => void }) {
  const { say } = useSurroundings();
  const [purpose, setPurpose] = useState('');
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    state(purpose);
  };
  return (
    <form className="follow" onSubmit={send} autoComplete="off">
      <p>{say('needPurpose')}</p>
      <Purpose value={purpose} onChange={setPurpose} why="searchWhy" required minLength={2} />
      <Button type="primary" htmlType="submit">
        {say('openIt')}
      </Button>
    </form>
  );
}

function Said({ searched: { busy, problem, hits } }: { searched: Searched }) {
  const { say, sentence, subject } = useSurroundings();
  return (
    <div role="status" aria-live="polite">
      {busy && <p>{say('finding')}</p>}
      {problem && <Alert type="warning" showIcon title={sentence(problem.message)} />}
      {hits?.away.map((name) => (
        <Alert key={name} type="error" showIcon title={`${subject(name)} · ${say('unreachable')}`} />
      ))}
      {hits && hits.more.length > 0 && (
        <p className="hint">{`${hits.more.map(subject).join(', ')}: ${say('foundMore')}`}</p>
      )}
    </div>
  );
}

function Found({ hits: { hits } }: { hits: SubjectHits }) {
  const { say, subject, language } = useSurroundings();
  return (
    <TableSection
      title={say('found')}
      heads={['subjectDatabase', 'matched', 'knownAs']}
      isNarrow
      empty={say('foundNobody')}
    >
      {hits.map(({ subject: name, handle, by, fields }, at) => (
        <tr key={handle}>
          <th scope="row">
            <Link href={subjectAddress(handle)}>
              {subject(name)} {at + 1}
            </Link>
          </th>
          <td>{fields.find((field) => field.name === by)?.title[language] ?? say('by.id')}</td>
          <td className="value">
            {fields.every(({ value }) => value === null)
              ? say('masked')
              : [...new Set(fields.flatMap(({ value }) => value ?? []))].join(' · ')}
          </td>
        </tr>
      ))}
    </TableSection>
  );
}
