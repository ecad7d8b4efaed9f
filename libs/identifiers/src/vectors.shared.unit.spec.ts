import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Flag, IdentifierKind, Problem } from './index.ts';
import { checkIdentifier, divisionName, personIdFacts } from './index.ts';

const today = '2026-11-23';
const dataFolder = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data');

function readData(name: string): string {
  const path = join(dataFolder, name);
  if (!existsSync(path)) {
    throw new Error(`the shared data file ${name} is missing: it belongs into ../shared/data beside the repository`);
  }
  return readFileSync(path, 'utf8');
}

interface Vector {
  readonly id: string;
  readonly expect?: string;
  readonly checksum_ok?: boolean;
  readonly check18_ok?: boolean;
  readonly org_code_ok?: boolean;
  readonly sex?: 'M' | 'F';
  readonly birth?: string;
  readonly why?: string;
  readonly stdnum_strict_place?: string;
}
type Pair = { readonly id15: string; readonly id18?: string };

const vectors = JSON.parse(readData('identifier-vectors.json')) as Record<string, unknown>;

/** How the vectors' words are read. The first reading whose words begin the expectation counts. */
const readings: readonly (readonly [words: string, outcome: 'accepted' | Problem | Flag])[] = [
  ['valid', 'accepted'],
  ['invalid check18, yet the most copied sample', 'CHECK_CHARACTER_WRONG'],
  ['issued in pilot; check18 mismatch', 'CHECK_CHARACTER_WRONG'],
  ['stdnum: InvalidFormat (needs 8 leading digits) - but dept codes A/N/Y are legal', 'CHECK_CHARACTER_WRONG'],
  ['exception: legacy provincial form', 'LEGACY_FORM'],
  ['documented as sample but checksum fails', 'CHECK_DIGIT'],
  ['invalid:date', 'DATE'],
  ['invalid:month', 'DATE'],
  ['invalid:birth date', 'DATE'],
  ['invalid:unknown address code', 'ADDRESS_UNKNOWN'],
  ['invalid:address code', 'ADDRESS_UNKNOWN'],
  ['invalid:province', 'ADDRESS_UNKNOWN'],
  ['invalid:country', 'COUNTRY_UNKNOWN'],
  ['invalid:format', 'FORMAT'],
  ['invalid:alphabet', 'FORMAT'],
  ['invalid:ownership letter', 'FORMAT'],
  ['invalid:length', 'LENGTH'],
  ['invalid:check', 'CHECK_DIGIT'],
];

function outcomeOf(kind: IdentifierKind, id: string): readonly string[] {
  const result = checkIdentifier(kind, id, today);
  return result.ok ? ['accepted', ...result.flags] : [result.problem];
}

const checkedByExpectation: readonly (readonly [group: string, kind: IdentifierKind])[] = [
  ['gb11643_18', 'person-id'],
  ['hk_mo_tw_residence_permit', 'person-id'],
  ['foreign_permanent_resident', 'person-id'],
  ['gb32100_uscc', 'credit-code'],
  ['gb32100_synthesised_wuhu', 'credit-code'],
  ['gb11714_org', 'organisation-code'],
  ['gs15_regno', 'registration-number'],
  ['gbt37346_unit', 'estate-unit'],
];
const checkedOtherwise = ['gb11643_1989_15_to_18', 'wuhu_code_history_ids', 'gbt37346_parcels'];
const ofOtherLibraries = ['meta', 'lei', 'sm', 'working_day'];

describe('the published vectors', () => {
  it('leave no group unread', () => {
    const read = [...checkedByExpectation.map(([group]) => group), ...checkedOtherwise, ...ofOtherLibraries];
    expect(read.sort()).toEqual(Object.keys(vectors).sort());
  });

  for (const [group, kind] of checkedByExpectation) {
    it.each(vectors[group] as Vector[])(`${group} $id: $expect`, (vector) => {
      const reading = readings.find(([words]) => vector.expect?.startsWith(words));
      expect(reading).toBeDefined();
      expect(outcomeOf(kind, vector.id)).toContain(reading![1]);

      const result = checkIdentifier(kind, vector.id, today);
      if (!result.ok) return;
      if (kind === 'credit-code') {
        expect(result.flags.includes('CHECK_CHARACTER_WRONG')).toBe(!vector.check18_ok);
        expect(result.flags.includes('ORGANISATION_PART_WRONG')).toBe(!vector.org_code_ok);
      }
      if (vector.sex) expect(personIdFacts(result.canonical).sex).toBe({ M: '1', F: '2' }[vector.sex]);
      if (vector.birth) expect(personIdFacts(result.canonical).birthDate).toBe(vector.birth);
    });
  }

  it.each(vectors['gb11643_1989_15_to_18'] as Pair[])('upgrade or refuse the 15 digits $id15', ({ id15, id18 }) => {
    const result = checkIdentifier('person-id', id15, today);
    expect(result).toEqual(
      id18 ? { ok: true, canonical: id18, flags: ['CENTURY_ASSUMED'] } : { ok: false, problem: 'DATE' },
    );
  });

  it.each(vectors['wuhu_code_history_ids'] as Vector[])('wuhu_code_history_ids $id: $why', (vector) => {
    const [range, place] = vector.stdnum_strict_place!.split(' ');
    expect(outcomeOf('person-id', vector.id)).toEqual(
      range === 'in-range' ? ['accepted'] : ['accepted', 'REGISTERED_LATE'],
    );
    const { addressCode, birthDate } = personIdFacts(vector.id);
    expect(divisionName(addressCode, birthDate!)).toBe(place);
  });

  it.each(vectors['gbt37346_parcels'] as string[])('make a land-only unit of the parcel %s', (parcel) => {
    expect(outcomeOf('estate-unit', `${parcel}W00000000`)).toEqual(['accepted']);
  });
});

describe('the published registrations of Wuhu', () => {
  it('are all accepted, those with a wrong check character flagged', () => {
    const codes = readData('wuhu-enterprises-1979-2008.csv').match(/(?<=,)[0-9A-Z]{18}(?=,)/g)!;
    expect(codes).toHaveLength(5950);
    const odd = codes.map((code) => [code, ...outcomeOf('credit-code', code)]).filter((row) => row.length !== 2);
    expect(odd.sort()).toEqual([
      ['91340200719930591W', 'accepted', 'CHECK_CHARACTER_WRONG'],
      ['91340200756838022G', 'accepted', 'CHECK_CHARACTER_WRONG'],
      ['933402087592327960', 'accepted', 'ORGANISATION_PART_WRONG'],
    ]);
    expect(codes.every((code) => outcomeOf('credit-code', code)[0] === 'accepted')).toBe(true);
  });
});
