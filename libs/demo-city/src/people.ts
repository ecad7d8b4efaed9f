import { addDays, addYears, ageOn } from './calendar.ts';
import type { Cell } from './cell.ts';
import { foreignNameOf, givenNameOf, surnameOf, type Sex } from './names.ts';
import { birthDateOf, citizenId, foreignerCards, personId, personSlot, type PersonSlot } from './numbers.ts';

/** A member of a cell's household. */
export interface Person {
  readonly index: number;
  /** The canonical id of today. */
  readonly id: string;
  /** The old card of a foreigner whose card was replaced. */
  readonly formerId: string | undefined;
  readonly origin: 'local' | 'elsewhere' | 'hong-kong-macau-taiwan' | 'foreign';
  /** ISO 3166-1 alpha-3. */
  readonly country: string;
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: string;
  /** GB/T 3304. */
  readonly ethnicity: string | null;
  /** Relation to the head of household, GB/T 4761: 02 head, 10 spouse, 20 son, 30 daughter, 51 father, 52 mother. */
  readonly relation: '02' | '10' | '20' | '30' | '51' | '52';
  spouse: Person | undefined;
  marriedDate: string | undefined;
  divorcedDate: string | undefined;
  readonly mother: Person | undefined;
  readonly father: Person | undefined;
  /** Set once the person has died, whether or not any register knows of it. */
  deathDate: string | undefined;
}

type Role = 'head' | 'spouse' | 'child' | 'father' | 'mother';
type Household = readonly (readonly [role: Role, sex: Sex | undefined, ageLow: number, ageHigh: number])[];

/** The ten kinds of household, in turn: 30 persons in every ten cells. */
const households: readonly Household[] = [
  [
    ['head', '1', 28, 45],
    ['spouse', '2', 26, 44],
    ['child', undefined, 1, 15],
  ],
  [
    ['head', '1', 31, 48],
    ['spouse', '2', 29, 46],
    ['child', undefined, 6, 17],
    ['child', undefined, 0, 9],
  ],
  [
    ['head', '1', 62, 86],
    ['spouse', '2', 60, 84],
  ],
  [['head', undefined, 64, 92]],
  [
    ['head', '1', 32, 48],
    ['spouse', '2', 30, 46],
    ['child', undefined, 2, 16],
    ['father', '1', 60, 80],
    ['mother', '2', 58, 79],
  ],
  [
    ['head', '1', 26, 45],
    ['spouse', '2', 25, 44],
    ['child', undefined, 1, 12],
  ],
  [
    ['head', '1', 24, 35],
    ['spouse', '2', 23, 34],
  ],
  [
    ['head', '1', 30, 50],
    ['spouse', '2', 29, 48],
    ['child', undefined, 4, 17],
    ['mother', '2', 60, 86],
  ],
  [
    ['head', '2', 32, 50],
    ['child', undefined, 7, 17],
    ['child', undefined, 3, 12],
  ],
  [
    ['head', '1', 62, 84],
    ['spouse', '2', 60, 82],
    ['child', undefined, 25, 42],
  ],
];

/** Cells in one turn of the kinds of household, and persons in them. */
export const turn = { cells: households.length, people: households.flat().length };

/** The number of persons of the first `cells` cells, those born in live steps apart. */
export function peopleIn(cells: number): number {
  const rest = households.slice(0, cells % turn.cells).flat().length;
  return Math.floor(cells / turn.cells) * turn.people + rest;
}

const kinds = { migrant: 5, singleParent: 8 };
/** First index of the newborns; a person made up by mistake has the last. */
const firstNewborn = 6;
const phantomIndex = 11;
/** A cell has this many live births at most. */
const newbornsMax = 3;

/** The members of a cell's household as they were on the base day. */
export function settle(cell: Cell): Person[] {
  const kind = cell.number % turn.cells;
  const people: Person[] = [];
  for (const [role, sex, low, high] of households[kind]!)
    people.push(member(cell, people, kind, { role, sex, low, high }));
  const [head, second] = people;
  if (second?.relation === '10') marry(cell, head!, second);
  const [father, mother] = [people.find((one) => one.relation === '51'), people.find((one) => one.relation === '52')];
  if (father && mother) marry(cell, father, mother);
  // A divorced parent, whose former partner lives elsewhere.
  if (kind === kinds.singleParent) {
    const random = cell.random('divorce');
    head!.marriedDate = addYears(head!.birthDate, random.between(22, 25));
    head!.divorcedDate = addDays(cell.plan.base, -random.between(60, 2_000));
  }
  letDie(cell, people);
  return people;
}

/** A child of the household, born in a live step. */
export function newborn(cell: Cell, today: string): Person | undefined {
  const [father, mother] = cell.people;
  if (!mother || mother.relation !== '10' || mother.deathDate || father!.deathDate) return undefined;
  const age = ageOn(mother.birthDate, today);
  if (age > 45 || mother.origin !== 'local' || cell.newborns.length >= newbornsMax) return undefined;
  const index = firstNewborn + cell.newborns.length;
  const random = cell.random('newborn', index);
  const sex: Sex = random.chance(0.5) ? '1' : '2';
  const birthDate = birthDateOf(cell.slot, index, Number(today.slice(0, 4)), today);
  return {
    ...blank,
    index,
    id: citizenId(cell.district, cell.slot, index, sex, birthDate),
    name: father!.name.slice(0, 1) + givenNameOf(sex, random.between(0, 999)),
    sex,
    birthDate,
    relation: sex === '1' ? '20' : '30',
    mother,
    father,
  };
}

/** Somebody who does not exist: entered by mistake, to be taken back. */
export function phantom(cell: Cell): Person {
  const random = cell.random('phantom');
  const birthDate = birthDateOf(
    cell.slot,
    phantomIndex,
    Number(cell.plan.base.slice(0, 4)) - random.between(30, 60),
    cell.plan.base,
  );
  const id = citizenId(cell.district, cell.slot, phantomIndex, '1', birthDate);
  return { ...blank, index: phantomIndex, id, name: `误${givenNameOf('1', 0)}`, sex: '1', birthDate, relation: '02' };
}

const blank = {
  formerId: undefined,
  origin: 'local',
  country: 'CHN',
  ethnicity: '01',
  spouse: undefined,
  marriedDate: undefined,
  divorcedDate: undefined,
  mother: undefined,
  father: undefined,
  deathDate: undefined,
} as const;

function member(
  cell: Cell,
  people: readonly Person[],
  kind: number,
  { role, sex, low, high }: { role: Role; sex: Sex | undefined; low: number; high: number },
): Person {
  const index = people.length;
  const random = cell.random('person', index);
  const chosenSex: Sex = sex ?? (random.chance(0.5) ? '1' : '2');
  const year = Number(cell.plan.base.slice(0, 4)) - random.between(low, high);
  // Their numbers name no district, so they are counted through the whole city.
  const special = specialOf(cell, kind, index);
  const slot = special
    ? personSlot(Math.floor(cell.number / turn.cells), Math.ceil(cell.plan.cells / turn.cells), 0)
    : cell.slot;
  const birthDate = birthDateOf(slot, index, year, addDays(cell.plan.base, -40));
  const isChild = role === 'child';
  const head = people[0];
  const surname = isChild || role === 'father' ? head!.name.slice(0, 1) : surnameOf(random.between(0, 9_999));
  return {
    ...blank,
    name: surname + givenNameOf(chosenSex, random.between(0, 9_999)),
    ethnicity: random.chance(0.98) ? '01' : random.pick(['02', '03', '15']),
    ...identityOf(cell, kind, { index, sex: chosenSex, birthDate, slot, special }),
    index,
    sex: chosenSex,
    birthDate,
    relation: isChild ? (chosenSex === '1' ? '20' : '30') : relations[role],
    mother: isChild ? (head?.sex === '2' ? head : people[1]) : undefined,
    father: isChild && head?.sex === '1' ? head : undefined,
  };
}

const relations = { head: '02', spouse: '10', father: '51', mother: '52' } as const;

function identityOf(
  cell: Cell,
  kind: number,
  {
    index,
    sex,
    birthDate,
    slot,
    special,
  }: Pick<Person, 'index' | 'sex' | 'birthDate'> & { slot: PersonSlot; special: Person['origin'] | undefined },
): Pick<Person, 'id'> & Partial<Person> {
  const turnNumber = Math.floor(cell.number / turn.cells);
  if (special === 'foreign') {
    const { country, old, card } = foreignerCards(slot, sex, birthDate);
    const name = foreignNameOf(sex, turnNumber);
    return { id: card, formerId: old, origin: special, country, ethnicity: null, name };
  }
  if (special) {
    const [code, country] = regions[Math.floor(turnNumber / 12) % regions.length]!;
    return { id: personId(code, slot, 0, sex, birthDate), origin: special, country };
  }
  if (kind === kinds.migrant)
    return { id: personId(cell.district.elsewhere.code, slot, index, sex, birthDate), origin: 'elsewhere' };
  return { id: citizenId(cell.district, slot, index, sex, birthDate) };
}

const regions = [
  ['810000', 'HKG'],
  ['820000', 'MAC'],
  ['830000', 'TWN'],
] as const;

/** One household of newcomers in twelve is headed by a foreigner, one by somebody from Hong Kong, Macau or Taiwan. */
function specialOf(cell: Cell, kind: number, index: number): Person['origin'] | undefined {
  if (kind !== kinds.migrant || index !== 0) return undefined;
  const special = Math.floor(cell.number / turn.cells) % 12;
  return special === 5 ? 'foreign' : special === 3 ? 'hong-kong-macau-taiwan' : undefined;
}

function marry(cell: Cell, one: Person, other: Person): void {
  const random = cell.random('marriage', one.index);
  const younger = one.birthDate > other.birthDate ? one : other;
  const date = addDays(addYears(younger.birthDate, random.between(22, 25)), random.between(0, 300));
  const latest = addDays(cell.plan.base, -100);
  [one.spouse, other.spouse] = [other, one];
  one.marriedDate = other.marriedDate = date < latest ? date : latest;
}

function letDie(cell: Cell, people: readonly Person[]): void {
  const { base } = cell.plan;
  for (const person of people) {
    const age = ageOn(person.birthDate, base);
    const random = cell.random('death', person.index);
    const livingAdults = people.filter((one) => !one.deathDate && ageOn(one.birthDate, base) >= 18).length;
    const probability = age < 60 ? 0.003 : age < 75 ? 0.05 : 0.16;
    // Somebody is left, or the dwelling is.
    if (random.chance(probability) && age >= 18 && (livingAdults > 1 || person.origin === 'local'))
      person.deathDate = addDays(base, -random.between(3, 1_100));
  }
}
