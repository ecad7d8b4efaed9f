import { datasets, HuitongError } from '@huitong/change-event';
import { checkIdentifier } from '@huitong/identifiers';
import {
  findById,
  linksMax,
  readLinks,
  type FoundLink,
  type FoundSubject,
  type LinkEnd,
  type SubjectLink,
  type SubjectPlan,
} from '@huitong/subject-engine';
import { shownTo, type ShownField } from './masking.ts';
import { unlessAway, type SubjectDatabase, type SubjectPlace } from './subject-database.ts';
import { knownFields, type SubjectParts } from './subject-search.ts';
import type { AsOf } from './subject-viewer.ts';
import type { Sight } from './unmasking.ts';

/** A subject that another is connected with, under each subject database that knows it; none where nothing is known of it. */
export interface LinkedSubject {
  readonly known: readonly {
    readonly subject: string;
    readonly handle: string;
    readonly fields: readonly ShownField[];
  }[];
  /** The subject database that its id belongs to. */
  readonly kind: string;
  readonly ways: readonly LinkWay[];
}

/** How they are connected: `stating`, the subject looked at names the other as its `title`; `stated`, the other way round. */
export interface LinkWay {
  readonly title: SubjectLink['title'];
  readonly end: LinkEnd['end'];
  readonly dataset: string;
  readonly department: string;
  readonly eventId: string;
  readonly recordedAt: string;
}

/** Whom a subject is connected with; `more` names the links that have others still, `away` the databases that could not be asked. */
export interface SubjectLinks {
  readonly linked: readonly LinkedSubject[];
  readonly more: readonly SubjectLink['title'][];
  readonly away: readonly string[];
}

interface Other {
  readonly kind: string;
  readonly check: SubjectPlan['subjectCheck'];
  readonly id: string;
  readonly ways: LinkWay[];
  readonly found: { readonly place: SubjectPlace; readonly row: FoundSubject }[];
}

/** Reads the links of one subject, names whom they lead to, and logs the subject and each of those. */
export async function linksOf(
  parts: SubjectParts,
  links: readonly SubjectLink[],
  asked: LinksAsked,
  sight: Sight,
): Promise<SubjectLinks> {
  const places = [...parts.places.values()];
  const databases = [...new Set(places.map(({ database }) => database))];
  const answers = await Promise.all(databases.map((database) => unlessAway(linksIn(parts, links, database, asked))));
  const found = answers.flatMap((answer) => answer ?? []);
  const byWay = [...Map.groupBy(found, ({ link, end }) => `${link.column}/${link.subject}/${end}`).values()];
  const met = othersOf(
    parts,
    byWay.flatMap((ways) => ways.slice(0, linksMax)),
  );
  const looks = await Promise.all(places.map((place) => unlessAway(knownIn(place, met))));
  for (const [at, look] of looks.entries())
    for (const row of look ?? [])
      met
        .find(({ id, check }) => id === row.asked && check === places[at]!.subject.subjectCheck)!
        .found.push({
          place: places[at]!,
          row,
        });
  const others = onceEach(met);
  await logLinks(parts, asked, sight, others);
  const away = [
    ...answers.flatMap((answer, at) => (answer ? [] : [databases[at]!.name])),
    ...looks.flatMap((look, at) => (look ? [] : [places[at]!.database.name])),
  ];
  if (away.length >= databases.length && others.length === 0)
    throw new HuitongError('DATABASE_UNAVAILABLE', 'asking the subject databases');
  return {
    linked: others.map(({ kind, ways, found }) => ({
      kind,
      ways,
      known: found.map(({ place, row }) => ({
        subject: place.subject.name,
        handle: parts.handles.close({ subject: place.subject.name, id: row.id }).sealed,
        fields: shownTo(sight.mayRead, knownFields(place, row)),
      })),
    })),
    more: byWay.flatMap((ways) => (ways.length > linksMax ? [ways[0]!.link.title] : [])),
    away: [...new Set(away)],
  };
}

interface LinksAsked {
  readonly place: SubjectPlace;
  readonly id: string;
  readonly ids: readonly string[];
  readonly at: AsOf;
}

/** The links that have one end at the subject and their facts in this database. */
async function linksIn(
  { places }: SubjectParts,
  links: readonly SubjectLink[],
  database: SubjectDatabase,
  { place, ids, at: { validAt, knownAt } }: LinksAsked,
): Promise<FoundLink[]> {
  const checkOf = ({ subject }: SubjectLink) => places.get(subject)!.subject.subjectCheck;
  const check = place.subject.subjectCheck;
  const ends = links.flatMap((link): LinkEnd[] => {
    const fact = database.plan.factTables.find(({ dataset }) => link.column.startsWith(`${dataset}.`));
    if (!fact) return [];
    return [
      ...(datasets[fact.dataset].subjectCheck === check ? [{ link, end: 'stating' } as const] : []),
      ...(checkOf(link) === check ? [{ link, end: 'stated' } as const] : []),
    ];
  });
  const moment = { validAt, knownAt: knownAt === undefined ? undefined : new Date(knownAt) };
  const found = await readLinks(database.reader, database.plan, ends, ids, moment);
  // A column may hold ids of several kinds, and an odd id of one may pass for one of another: it is of the kind that finds least odd in it.
  const oddIn = (link: SubjectLink, id: string): number => {
    const checked = checkIdentifier(checkOf(link), id);
    return checked.ok ? checked.flags.length : Infinity;
  };
  const kindOf = (column: string, id: string): SubjectLink | undefined =>
    links
      .filter((link) => link.column === column && oddIn(link, id) < Infinity)
      .toSorted((a, b) => oddIn(a, id) - oddIn(b, id))[0];
  return found.filter(({ link, end, id }) => end === 'stated' || kindOf(link.column, id) === link);
}

/** The subjects at the other ends, each once, with all the ways that lead there. */
function othersOf({ places }: SubjectParts, found: readonly FoundLink[]): Other[] {
  const others = new Map<string, Other>();
  for (const { link, end, id, dataset, eventId, recordedAt } of found) {
    const states = ({ subject }: SubjectPlace) => subject.factTables.some((fact) => fact.dataset === dataset);
    const { subject } = end === 'stating' ? places.get(link.subject)! : [...places.values()].find(states)!;
    const checked = checkIdentifier(subject.subjectCheck, id);
    const canonical = checked.ok ? checked.canonical : id;
    const key = `${subject.subjectCheck}/${canonical}`;
    const other = others.get(key) ?? {
      kind: subject.name,
      check: subject.subjectCheck,
      id: canonical,
      ways: [],
      found: [],
    };
    others.set(key, other);
    const { department } = datasets[dataset];
    other.ways.push({ title: link.title, end, dataset, department, eventId, recordedAt });
  }
  return [...others.values()];
}

/** Those who were met under several of their ids, as one. */
const onceEach = (others: readonly Other[]): Other[] =>
  [...Map.groupBy(others, ({ check, id, found }) => `${check}/${found[0]?.row.id ?? id}`).values()].map((same) => ({
    ...same[0]!,
    ways: same.flatMap(({ ways }) => ways),
  }));

/** What this subject database knows of those whose ids are of its kind. */
async function knownIn(place: SubjectPlace, others: readonly Other[]): Promise<FoundSubject[]> {
  const ids = others.filter(({ check }) => check === place.subject.subjectCheck).map(({ id }) => id);
  return ids.length > 0 ? findById(place.database.reader, place.subject, ids) : [];
}

/** One entry for the subject, with what was told of its links, and one for each whom they lead to. */
async function logLinks(
  { log }: SubjectParts,
  { place, id, at }: LinksAsked,
  { mayRead, ...reader }: Sight,
  others: readonly Other[],
): Promise<void> {
  const moment = { validAt: at.validAt ?? null, knownAt: at.knownAt ?? null, outcome: 'answered' as const };
  const told = (fields: readonly string[]) => (mayRead ? fields : []);
  const ways = others.flatMap((other) => other.ways.map(({ title }) => title.zh));
  await Promise.all([
    log.write({ ...reader, ...moment, subject: place.subject.name, subjectId: id, fields: told([...new Set(ways)]) }),
    ...others.map(({ kind, id: subjectId, found }) =>
      log.write({
        ...reader,
        ...moment,
        subject: kind,
        subjectId: found[0]?.row.id ?? subjectId,
        fields: told(found.flatMap(({ row }) => Object.keys(row.known))),
      }),
    ),
  ]);
}
