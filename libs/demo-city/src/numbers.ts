import {
  checkIdentifier,
  creditCodeCheckCharacter,
  makePersonId,
  organisationCodeCheckCharacter,
  registrationNumberCheckDigit,
} from '@huitong/identifiers';
import type { Sex } from './names.ts';
import type { District } from './places.ts';

/** Members that a cell can ever have, newborns and persons made up by mistake included. */
const membersMax = 12;
/** 500 sequence numbers a sex and day, shared out among the members. */
const sequencesPerMember = 41;
const daysPerYear = 365;
const slots = sequencesPerMember * daysPerYear;

/** Where a cell's persons stand among the numbers of their district: no two cells share a slot within a group. */
export interface PersonSlot {
  readonly day: number;
  readonly sequence: number;
  /** Cells beyond the slots of one year are told apart by it: birth year modulo `groups`. */
  readonly group: number;
  readonly groups: number;
}

/**
 * Spreads a district's cells over days and sequences, one to one; 7919 has no factor in common with the slots. `shift`
 * only lets the birthdays of neighbouring districts differ.
 */
export function personSlot(numberInDistrict: number, cellsInDistrict: number, shift: number): PersonSlot {
  const place = (numberInDistrict * 7919) % slots;
  return {
    day: (place + shift * 41) % daysPerYear,
    sequence: Math.floor(place / daysPerYear),
    group: Math.floor(numberInDistrict / slots),
    groups: Math.max(1, Math.ceil(cellsInDistrict / slots)),
  };
}

/** The birth date of a cell's member who was born about this year, on or before `latest`. */
export function birthDateOf(slot: PersonSlot, member: number, year: number, latest: string): string {
  // A year without 29 February.
  const monthAndDay = new Date(Date.UTC(2001, 0, 1 + ((slot.day + member * 67) % daysPerYear)))
    .toISOString()
    .slice(4, 10);
  let chosen = year - ((((year - slot.group) % slot.groups) + slot.groups) % slot.groups);
  while (`${chosen}${monthAndDay}` > latest) chosen -= slot.groups;
  return `${chosen}${monthAndDay}`;
}

function sequenceOf(slot: PersonSlot, member: number, sex: Sex): number {
  if (member >= membersMax) throw new RangeError('a cell with too many members');
  return (member * sequencesPerMember + slot.sequence) * 2 + (sex === '1' ? 1 : 0);
}

/** A citizen's number (GB 11643), with the code that the district had when numbers were assigned: 1985 or at birth. */
export function citizenId(district: District, slot: PersonSlot, member: number, sex: Sex, birthDate: string): string {
  const year = Math.max(1985, Number(birthDate.slice(0, 4)));
  return personId(district.codeAssigned(year, slot.sequence % 2 === 1), slot, member, sex, birthDate);
}

/** A number under a code of another place: another county, or 810000, 820000, 830000. */
export function personId(addressCode: string, slot: PersonSlot, member: number, sex: Sex, birthDate: string): string {
  return makePersonId({ addressCode, birthDate, sequence: sequenceOf(slot, member, sex) });
}

const countries = [
  ['KAZ', '398'],
  ['KOR', '410'],
  ['JPN', '392'],
  ['DEU', '276'],
  ['USA', '840'],
  ['GBR', '826'],
  ['FRA', '250'],
  ['RUS', '643'],
  ['PAK', '586'],
] as const;

/** A foreigner's two cards: the old one of 15 characters and the new one of 18 digits that replaced it. */
export function foreignerCards(
  slot: PersonSlot,
  sex: Sex,
  birthDate: string,
): { country: string; old: string; card: string } {
  // Nine countries times five odd or even digits are more than the sequences, so the short card is unique as well.
  const [country, number] = countries[slot.sequence % countries.length]!;
  const digit = Math.floor(slot.sequence / countries.length) * 2 + (sex === '1' ? 1 : 0);
  const first14 = `${country}3402${birthDate.slice(2).replaceAll('-', '')}${digit}`;
  const old = [...'0123456789'].map((check) => first14 + check).find((id) => checkIdentifier('person-id', id).ok);
  return { country, old: old!, card: personId(`934${number}`, slot, 0, sex, birthDate) };
}

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** Beyond the first 100,000 numbers, which examples and tests use. */
const firstUnit = 100_000;

/** An organisation code of GB 11714's user-defined range PDY, the `unit`-th of the city. */
function organisationCode(unit: number): string {
  let rest = unit + firstUnit;
  let text = '';
  for (let at = 0; at < 5; at++, rest = Math.floor(rest / 31)) text = alphabet[rest % 31]! + text;
  if (rest > 0) throw new RangeError('a city with too many organisations');
  return `PDY${text}${organisationCodeCheckCharacter(`PDY${text}`)}`;
}

/** A unified social credit code (GB 32100): department and class, division of registration, organisation code, check. */
export function creditCode(kind: string, division: string, unit: number): string {
  const first17 = kind + division + organisationCode(unit);
  return first17 + creditCodeCheckCharacter(first17);
}

/** A registration number of before the credit code (GS 15-2006). */
export function registrationNumber(division: string, unit: number): string {
  const first14 = `${division}${String(unit % 30_000_000).padStart(8, '0')}`;
  return first14 + registrationNumberCheckDigit(first14);
}

/**
 * An estate unit number (GB/T 37346) in the cadastral areas 900 to 999, which the city keeps for itself: the first twelve
 * digits but the county's, sequence and unit are the cell's, so that only the county differs after a re-zoning.
 */
export function estateUnitNo(division: string, cell: number, unit: number): string {
  const area = `${900 + (Math.floor(cell / 100_000) % 100)}001`;
  return `${division}${area}GB${String(cell % 100_000).padStart(5, '0')}F0001${String(unit).padStart(4, '0')}`;
}
