import { addDays, addYears, ageOn, startOf } from './calendar.ts';
import type { Cell } from './cell.ts';
import type { Draft } from './ledger.ts';
import { phantom, type Person } from './people.ts';

/** 户籍登记, 居住证, 出生, 婚姻: who the members of a cell are. */
export function loadRegisters(cell: Cell): void {
  for (const person of cell.people) {
    if (person.origin === 'local') loadHousehold(cell, person);
    else loadPermits(cell, person);
    if (person.origin === 'local' && person.mother && ageOn(person.birthDate, cell.plan.base) <= 8)
      loadBirth(cell, person);
    if (person.marriedDate) loadMarriage(cell, person);
  }
  if (cell.random('phantom entry').chance(0.02)) loadPhantom(cell);
}

/** Marital status, GB/T 2261.2, as it was on a day. */
function maritalStatusOn(person: Person, day: string): '10' | '20' | '30' | '40' {
  if (!person.marriedDate || person.marriedDate > day) return '10';
  if (person.divorcedDate && person.divorcedDate <= day) return '40';
  return person.spouse?.deathDate && person.spouse.deathDate <= day ? '30' : '20';
}

/** A household register entry as it stands today; `former` writes it as before the re-zoning. */
export function householdDraft(
  cell: Cell,
  person: Person,
  former?: { code: string; name: string },
): Draft<'psb.household-register'> {
  const random = cell.random('household', person.index);
  const { home, district } = cell;
  return {
    citizenId: person.id,
    name: person.name,
    sex: person.sex,
    ethnicity: person.ethnicity,
    birthDate: person.birthDate,
    birthplace: `安徽省芜湖市${(former ?? district).name}`,
    nativePlace: '安徽芜湖',
    householdNo: cell.recordId('HH'),
    householdType: home.township[1].endsWith('镇') && random.chance(0.5) ? '农业家庭户' : '家庭户',
    relationToHead: person.relation,
    householdAddress: cell.addressIn(former),
    divisionCode: former?.code ?? district.code,
    townshipCode: former ? null : home.township[0],
    communityName: `${home.estate}社区居民委员会`,
    maritalStatus: maritalStatusOn(person, cell.historyStart),
    education:
      ageOn(person.birthDate, cell.plan.base) < 18 ? null : random.pick(['初中', '高中', '大学专科', '大学本科']),
    registeredDate: addDays(person.birthDate, random.between(5, 30)),
    policeStation: `芜湖市公安局${home.township[1]}派出所`,
    issuingAuthority: '芜湖市公安局',
    cardExpiryDate:
      ageOn(person.birthDate, cell.plan.base) > 46 ? null : addYears(cell.plan.base, random.between(1, 19)),
  };
}

function loadHousehold(cell: Cell, person: Person): void {
  const { ledger } = cell;
  const random = cell.random('household load', person.index);
  const registered = addDays(person.birthDate, random.between(5, 30));
  const at = cell.recorded(registered, random, [0, 5]);
  const former = cell.formerDistrict();
  const wasThere = former && startOf(former.until) > at;
  const draft = householdDraft(cell, person, wasThere ? former : undefined);
  const misspelt = random.chance(0.04) ? { name: `${person.name}误` } : {};
  const record = ledger.create(
    'psb.household-register',
    cell.recordId('HJ', person.index),
    'INITIAL_LOAD',
    { at, from: registered },
    { ...draft, ...misspelt },
  );
  if (misspelt.name) ledger.correct(record, 'CLERICAL_ERROR', { at: at + 86_400_000 * 9 }, { name: person.name });
  if (wasThere) {
    const rezonedAt = startOf(addDays(former.until, 1)) + random.between(1, 30 * 86_400_000);
    const { householdAddress, divisionCode, townshipCode } = householdDraft(cell, person);
    const when = { at: rezonedAt, from: addDays(former.until, 1) };
    ledger.correct(record, 'REZONED', when, { householdAddress, divisionCode, townshipCode });
  }
  for (const [status, day] of maritalChanges(cell, person)) {
    const changedAt = cell.recorded(day, random, [1, 60]);
    if (cell.isPast(changedAt)) ledger.correct(record, 'DETAILS_CHANGED', { at: changedAt }, { maritalStatus: status });
  }
  if (random.chance(0.06) && !person.deathDate && person.relation !== '02') loadMove(cell, person);
}

function maritalChanges(cell: Cell, person: Person): [status: string, day: string][] {
  const days = [person.marriedDate, person.divorcedDate, person.spouse?.deathDate];
  const past = days.filter(
    (day) => day !== undefined && day > cell.historyStart && !(person.deathDate && day > person.deathDate),
  );
  return (past as string[]).map((day) => [maritalStatusOn(person, day), day]);
}

/** Moved within the city: one entry is over and another begins. */
function loadMove(cell: Cell, person: Person): void {
  const random = cell.random('move', person.index);
  const moved = addDays(cell.plan.base, -random.between(20, 700));
  const at = cell.recorded(moved, random, [0, 3]);
  const [old] = cell.ledger.inForce('psb.household-register', person.id);
  if (!old || !cell.isPast(at) || (old.validFrom ?? '') > moved) return;
  cell.ledger.cease(old, 'MOVED_OUT', { at, to: moved });
  cell.ledger.create(
    'psb.household-register',
    cell.recordId('HJ', person.index, 'M'),
    'MOVED_IN',
    { at: at + 1, from: moved },
    { ...old.data, movedFrom: '安徽省芜湖市', movedInDate: moved, registeredDate: moved },
  );
}

function loadPhantom(cell: Cell): void {
  const random = cell.random('phantom load');
  const person = phantom(cell);
  const at = cell.recorded(addDays(cell.plan.base, -random.between(30, 400)), random, [0, 1]);
  const draft = householdDraft(cell, person);
  const record = cell.ledger.create('psb.household-register', cell.recordId('HJ', 'X'), 'MOVED_IN', { at }, draft);
  cell.ledger.annul(record, 'DUPLICATE_CANCELLED', { at: at + random.between(1, 20) * 86_400_000 });
}

function loadPermits(cell: Cell, person: Person): void {
  const { ledger, plan } = cell;
  const random = cell.random('permit', person.index);
  const arrived = addDays(plan.base, -random.between(400, 2_000));
  const issued = addDays(arrived, random.between(10, 90));
  const draft = {
    ...permitDraft(cell, person),
    citizenId: person.formerId ?? person.id,
    arrivedDate: arrived,
    issuedDate: issued,
    expiryDate: addYears(issued, 5),
  };
  const at = cell.recorded(issued, random, [0, 10]);
  const record = ledger.create(
    'psb.residence-permit',
    cell.recordId('JZ', person.index),
    'ISSUED',
    { at, from: issued },
    draft,
  );
  if (person.formerId) {
    const replaced = addDays(plan.base, -random.between(20, 300));
    const replacedAt = cell.recorded(replaced, random, [1, 5]);
    ledger.cease(record, 'CARD_REPLACED', { at: replacedAt, to: replaced });
    ledger.create(
      'psb.residence-permit',
      cell.recordId('JZ', person.index, 'N'),
      'CARD_REPLACED',
      { at: replacedAt + 1, from: replaced },
      {
        ...draft,
        citizenId: person.id,
        formerCardNo: person.formerId,
        issuedDate: replaced,
        expiryDate: addYears(replaced, 10),
      },
    );
  } else if (random.chance(0.4)) {
    const renewed = addDays(plan.base, -random.between(10, 300));
    const renewedAt = cell.recorded(renewed, random, [0, 5]);
    if (cell.isPast(renewedAt))
      ledger.correct(record, 'RENEWED', { at: renewedAt }, { expiryDate: addYears(renewed, 5) });
  }
}

const permitTypes = {
  foreign: '外国人永久居留身份证',
  'hong-kong-macau-taiwan': '港澳台居民居住证',
  elsewhere: '居住证',
  local: null,
};

function permitDraft(cell: Cell, person: Person): Draft<'psb.residence-permit'> {
  const random = cell.random('permit draft', person.index);
  const fromElsewhere = person.origin === 'elsewhere';
  const { elsewhere } = cell.district;
  const working = ageOn(person.birthDate, cell.plan.base) >= 18;
  return {
    name: person.name,
    permitType: permitTypes[person.origin],
    permitNo: fromElsewhere ? cell.recordId('JZZ', person.index) : null,
    sex: person.sex,
    birthDate: person.birthDate,
    ethnicity: person.ethnicity,
    nationality: person.origin === 'foreign' ? person.country : 'CHN',
    homeAddress: fromElsewhere ? `${elsewhere.address}样例村${random.between(1, 99)}号` : null,
    homeDivisionCode: fromElsewhere ? elsewhere.code : null,
    residenceAddress: cell.home.address,
    divisionCode: cell.district.code,
    townshipCode: cell.home.township[0],
    residenceReason: working ? '就业' : '随迁',
    issuingAuthority: '芜湖市公安局',
    employerName: working ? (cell.employer(random)?.name ?? null) : null,
    phone: `130${random.digits(8)}`,
  };
}

/** 出生医学证明. Also for the births of live steps. */
export function birthDraft(cell: Cell, person: Person): Draft<'nhc.birth'> {
  const random = cell.random('birth', person.index);
  return {
    citizenId: person.id,
    certificateNo: `Y34${random.digits(7)}`,
    name: person.name,
    sex: person.sex,
    birthDate: person.birthDate,
    birthAt: new Date(startOf(person.birthDate) + random.between(0, 57_600) * 1_000).toISOString(),
    birthplace: '安徽省芜湖市',
    gestationWeeks: random.between(36, 41),
    birthWeightGrams: random.between(2_400, 4_200),
    birthLengthCm: random.between(46, 54),
    institutionName: '芜湖市样例医院',
    motherId: person.mother?.id ?? null,
    motherName: person.mother?.name ?? null,
    motherEthnicity: person.mother?.ethnicity ?? null,
    fatherId: person.father?.id ?? null,
    fatherName: person.father?.name ?? null,
    fatherEthnicity: person.father?.ethnicity ?? null,
    residenceAddress: cell.home.address,
    divisionCode: cell.district.code,
    issuedDate: addDays(person.birthDate, random.between(1, 6)),
  };
}

function loadBirth(cell: Cell, person: Person): void {
  const random = cell.random('birth load', person.index);
  const at = cell.recorded(person.birthDate, random, [1, 8]);
  const draft = birthDraft(cell, person);
  // Names are often chosen after the certificate is entered.
  const unnamed = random.chance(0.1) ? { name: null, fatherId: null } : {};
  const record = cell.ledger.create(
    'nhc.birth',
    cell.recordId('CS', person.index),
    'CERTIFICATE_ISSUED',
    { at, from: person.birthDate },
    { ...draft, ...unnamed },
  );
  if ('name' in unnamed)
    cell.ledger.correct(
      record,
      'PARENTS_CORRECTED',
      { at: at + 86_400_000 * 3 },
      { name: draft.name, fatherId: draft.fatherId },
    );
}

/** 婚姻登记, one record for each of the two. */
function marriageDraft(cell: Cell, person: Person): Draft<'mca.marriage'> {
  const { spouse } = person;
  return {
    citizenId: person.id,
    name: person.name,
    sex: person.sex,
    birthDate: person.birthDate,
    nationality: person.origin === 'foreign' ? person.country : 'CHN',
    maritalStatus: '20',
    spouseId: spouse?.id ?? null,
    spouseName: spouse?.name ?? `${person.name.slice(0, 1)}前样`,
    spouseNationality: spouse?.origin === 'foreign' ? spouse.country : 'CHN',
    certificateNo: `J340200-${cell.number}-${Math.min(person.index, spouse?.index ?? person.index)}`,
    registeredDate: person.marriedDate ?? null,
    registrationAuthority: `芜湖市${cell.district.name}民政局`,
    divisionCode: cell.district.code,
    householdAddress: person.origin === 'local' ? cell.home.address : null,
  };
}

function loadMarriage(cell: Cell, person: Person): void {
  const { ledger } = cell;
  const married = person.marriedDate!;
  const random = cell.random('marriage load', Math.min(person.index, person.spouse?.index ?? person.index));
  const at = cell.recorded(married, random, [0, 1]);
  const record = ledger.create(
    'mca.marriage',
    cell.recordId('HY', person.index),
    'MARRIED',
    { at, from: married },
    marriageDraft(cell, person),
  );
  if (person.divorcedDate)
    divorce(cell, person, Math.max(at, cell.recorded(person.divorcedDate, random, [0, 1])), person.divorcedDate);
  const widowed = person.spouse?.deathDate;
  if (widowed && !(person.deathDate && person.deathDate <= widowed) && random.chance(0.7)) {
    const widowedAt = cell.recorded(widowed, random, [5, 60]);
    if (cell.isPast(widowedAt)) ledger.cease(record, 'SPOUSE_DIED', { at: widowedAt, to: widowed });
  }
}

/** The marriage is over and a divorce is registered: two facts, so that both the old and the new state stay known. */
export function divorce(cell: Cell, person: Person, at: number, day: string): boolean {
  const [record] = cell.ledger.inForce('mca.marriage', person.id);
  if (!record || record.data.maritalStatus === '40') return false;
  cell.ledger.cease(record, 'DIVORCED', { at, to: day });
  cell.ledger.create(
    'mca.marriage',
    cell.recordId('HY', person.index, 'L'),
    'DIVORCED',
    { at: at + 1, from: day },
    {
      ...record.data,
      maritalStatus: '40',
      spouseId: null,
      spouseName: null,
      spouseNationality: null,
      certificateNo: `L340200-${cell.number}-${person.index}`,
      registeredDate: day,
    },
  );
  return true;
}
