import { datasets, type DatasetDeclaration } from '@huitong/change-event';
import { quoted, type FactTable, type SubjectPlan } from './plan.ts';
import { isThere } from './record-sql.ts';

/** When a version of a fact was known: by its source and here, so that an old `recorded_at` ages nothing. */
const since = (alias: string): string => `greatest(${alias}.recorded_at, ${alias}.applied_at)`;

/** Epoch milliseconds, rounded up: a window is never shorter than declared. */
const asMs = (instant: string): string => `ceil(extract(epoch from ${instant}) * 1000)::bigint`;

/** JSON arrays of what {@link SettlementGrounds} holds; `ids` is an array of all ids of the subject. */
export interface GroundsSql {
  readonly facts: string;
  readonly links: string;
  readonly parked: string;
}

/** Compiles the grounds of a subject's settling; `relation` gives the subject's facts of a dataset, as known then. */
export function compileGrounds(
  subject: SubjectPlan,
  { ids, relation }: { ids: string; relation: (fact: FactTable) => string },
): GroundsSql {
  const facts = subject.factTables.map(
    (fact) => `select '${fact.dataset}' as dataset, f.verb, f.reason, max(${since('f')}) as since
    from ${relation(fact)} f group by f.verb, f.reason`,
  );
  const links = subject.factTables.flatMap(({ dataset, table, pastTable, aliasColumn }) => {
    if (!aliasColumn) return [];
    const alias = quoted(aliasColumn);
    const same = 'p.subject_id = f.subject_id and p.source_record_id = f.source_record_id';
    // Undoing what withdrew a link would link again, so former links count as well.
    return [
      `select '${dataset}' as dataset, ${since('f')} as since from ${table} f where f.subject_id = any(${ids})
      and (f.${alias} is not null or exists (select 1 from ${pastTable} p where ${same} and p.${alias} is not null))`,
      `select '${dataset}', ${since('f')} from ${table} f where f.${alias} = any(${ids})`,
      `select '${dataset}', ${since('f')} from ${pastTable} p join ${table} f on ${same} where p.${alias} = any(${ids})`,
    ];
  });
  const json = (columns: string, rows: readonly string[]): string =>
    rows.length === 0
      ? `'[]'::json`
      : `(select coalesce(json_agg(json_build_object(${columns})), '[]') from (${rows.join('\n  union all ')}) s)`;
  const named = `'dataset', s.dataset, 'sinceMs', ${asMs('s.since')}`;
  return {
    facts: json(`${named}, 'verb', s.verb, 'reason', s.reason`, facts),
    links: json(named, links),
    parked: `(select coalesce(json_agg(d), '[]') from parked_datasets(${ids}) d)`,
  };
}

/** The versions of facts that caused changes: $1 the subject's ids, $2 event ids. Rows of `event_id` and `cause` (ChangeCause). */
export function compileCauses(subject: SubjectPlan): string {
  const of = ({ dataset, table, pastTable }: FactTable, from: string, superseded: string): string =>
    `select f.event_id, json_build_object('dataset', '${dataset}', 'verb', f.verb, 'reason', f.reason, 'sinceMs', ${asMs(since('f'))},
    'appliedMs', ${asMs('f.applied_at')}, 'supersededMs', ${superseded}, 'replacedSinceMs', (
      select ${asMs(`max(${since('p')})`)} from ${pastTable} p where p.subject_id = f.subject_id
      and p.source_record_id = f.source_record_id and p.superseded_at = f.applied_at)) as cause
  from ${from === 'live' ? table : pastTable} f where f.subject_id = any($1::text[]) and f.event_id = any($2::uuid[])`;
  return subject.factTables
    .flatMap((fact) => [of(fact, 'live', 'null'), of(fact, 'past', asMs('f.superseded_at'))])
    .join('\nunion all ');
}

/** Expressions over a history row `h`: the end of its window, and whether it is provisional now. */
export interface RowSettlement {
  readonly settlesAt: string;
  readonly provisional: string;
}

/** Compiles them. Cheap, for every change is relayed: only datasets with counterparts look anything up. */
export function compileRowSettlement(subject: SubjectPlan): RowSettlement {
  const daysOf = ({ dataset }: FactTable): number => datasets[dataset].annulmentDays;
  const longest = Math.max(...subject.factTables.map(daysOf));
  // A link's change is told of under each dataset of the subject, and may be annulled as long as the link.
  const link = Math.max(0, ...subject.factTables.filter(({ aliasColumn }) => aliasColumn).map(daysOf));
  const cases = subject.factTables.map((fact) => `when '${fact.dataset}' then ${Math.max(daysOf(fact), link)}`);
  const settlesAt = `${since('h')} + interval '24 hours' * (case h.dataset ${cases.join(' ')} else ${longest} end)`;
  const vouched = subject.factTables.flatMap((fact) => {
    const exists = counterpartExists(subject, fact);
    return exists ? [`when '${fact.dataset}' then ${exists}`] : [];
  });
  const over = `${settlesAt} <= now()`;
  const provisional =
    vouched.length === 0 ? `not ${over}` : `not (${over} or case h.dataset ${vouched.join(' ')} else false end)`;
  return { settlesAt, provisional: `(${provisional})` };
}

/** Whether all events of `h` stand and a counterpart does too; undefined where none is declared among the subject's datasets. */
function counterpartExists(subject: SubjectPlan, fact: FactTable): string | undefined {
  const mine = subject.hasAliases
    ? 'f.subject_id = any(coalesce((select array_agg(m.id) from identity m where m.subject_id = h.subject_id), array[h.subject_id]))'
    : 'f.subject_id = h.subject_id';
  const declaration: DatasetDeclaration = datasets[fact.dataset];
  const others = (declaration.counterparts ?? []).flatMap(({ dataset, verbs, reasons }) => {
    const other = subject.factTables.find((table) => table.dataset === dataset);
    if (!other) return [];
    const listed = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');
    const because = reasons ? ` and f.reason in (${listed(reasons)})` : '';
    return [isThere(`${other.table} f where ${mine} and f.verb in (${listed(verbs)})${because}`)];
  });
  if (others.length === 0) return undefined;
  const standing = `(select count(*) from ${fact.table} f where ${mine} and f.event_id = any(h.event_ids) and f.verb in ('CREATED', 'CORRECTED'))`;
  return `${standing} = cardinality(h.event_ids) and (${others.join(' or ')})`;
}
