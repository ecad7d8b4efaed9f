import { HuitongError } from '@huitong/change-event';
import { checkIdentifier } from '@huitong/identifiers';
import { findById, findByText, searchedMax, type FoundSubject, type SearchedBy } from '@huitong/subject-engine';
import type { AccessLog } from './access-log.ts';
import { fieldOf, shownTo, type ShownField } from './masking.ts';
import { unlessAway, type SubjectPlace } from './subject-database.ts';
import type { Handles } from './subject-viewer.ts';
import type { Sight } from './unmasking.ts';

/** What is looked for. A text is a part of a name or an address; an id is one that the subject ever had. */
export interface SubjectSearch {
  readonly by: 'id' | SearchedBy;
  readonly text: string;
}

/** A subject that was found: what it can be opened by, which field matched, and what people know it by. */
export interface SubjectHit {
  readonly subject: string;
  readonly handle: string;
  readonly by: string | null;
  readonly fields: readonly ShownField[];
}

/** What was found, and which subject databases have more than could be shown, or could not be asked. */
export interface SubjectHits {
  readonly hits: readonly SubjectHit[];
  readonly more: readonly string[];
  readonly away: readonly string[];
}

/** Shorter texts are in too many names to look for anybody in particular. */
const textMin = { name: 2, address: 4 } as const;

/** The parts that a look at subjects is made with. */
export interface SubjectParts {
  readonly places: ReadonlyMap<string, SubjectPlace>;
  readonly log: AccessLog;
  readonly handles: Handles;
}

/** Looks for subjects. Each one that is found, or that nobody was, is in the access log before this answers. */
export async function searchSubjects(parts: SubjectParts, search: SubjectSearch, sight: Sight): Promise<SubjectHits> {
  const looks = looksFor(parts, search);
  const found = await Promise.all(looks.map(async ({ place, look }) => ({ place, rows: await unlessAway(look()) })));
  const away = found.flatMap(({ place, rows }) => (rows ? [] : [place.subject.name]));
  if (away.length === found.length) throw new HuitongError('DATABASE_UNAVAILABLE', 'asking the subject databases');
  const rows = found.flatMap(({ place, rows = [] }) => rows.slice(0, searchedMax).map((row) => ({ place, row })));
  await logFound(parts.log, sight, rows);
  return {
    hits: rows.map(({ place, row }) => ({
      subject: place.subject.name,
      handle: parts.handles.close({ subject: place.subject.name, id: row.id }).sealed,
      by: row.by,
      fields: shownTo(sight.mayRead, knownFields(place, row)),
    })),
    more: found.flatMap(({ place, rows = [] }) => (rows.length > searchedMax ? [place.subject.name] : [])),
    away,
  };
}

interface Look {
  readonly place: SubjectPlace;
  readonly look: () => Promise<FoundSubject[]>;
}

function looksFor({ places }: SubjectParts, { by, text }: SubjectSearch): Look[] {
  if (by !== 'id') {
    if ([...text].length < textMin[by])
      throw new HuitongError(
        'REQUEST_INVALID',
        `请至少输入 ${textMin[by]} 个字 / give at least ${textMin[by]} characters`,
        { context: { field: 'text' } },
      );
    return [...places.values()].map((place) => ({
      place,
      look: () => findByText(place.database.reader, place.subject, by, text),
    }));
  }
  const looks = [...places.values()].flatMap((place) => {
    const id = checkIdentifier(place.subject.subjectCheck, text);
    return id.ok ? [{ place, look: () => findById(place.database.reader, place.subject, [id.canonical]) }] : [];
  });
  if (looks.length > 0) return looks;
  throw new HuitongError(
    'IDENTIFIER_INVALID',
    '这不是公民身份号码、统一社会信用代码或不动产单元号 / this is no citizen id, credit code or estate unit',
    { context: { field: 'text' } },
  );
}

async function logFound(
  log: AccessLog,
  { mayRead, ...reader }: Sight,
  rows: readonly { place: SubjectPlace; row: FoundSubject }[],
): Promise<void> {
  const when = { validAt: null, knownAt: null };
  const entries = rows.map(({ place, row }) => ({
    subject: place.subject.name,
    subjectId: row.id,
    fields: mayRead ? Object.keys(row.known) : [],
    outcome: 'answered' as const,
  }));
  const nobody = { subject: null, subjectId: null, fields: [], outcome: 'not-found' as const };
  await Promise.all((entries.length > 0 ? entries : [nobody]).map((one) => log.write({ ...reader, ...when, ...one })));
}

/** What people know a subject by, in the order and with the titles of its declaration. */
export const knownFields = ({ subject: { declaration } }: SubjectPlace, { known }: FoundSubject): ShownField[] =>
  Object.values(declaration.searched ?? {})
    .flat()
    .map((name) => fieldOf(name, declaration.fields[name]!.title, known[name]));
