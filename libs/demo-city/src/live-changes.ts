import type { DatasetName } from '@huitong/change-event';
import { addDays, addMonths, addYears, ageOn, dayOf } from './calendar.ts';
import type { Cell } from './cell.ts';
import type { Draft, SourceRecord } from './ledger.ts';
import { cremationDraft, deathCertificateDraft } from './load-deaths.ts';
import { buyVehicle } from './load-property.ts';
import { birthDraft, divorce, householdDraft } from './load-registers.ts';
import { pay, yuan } from './load-welfare.ts';
import { newborn, type Person } from './people.ts';
import type { Random } from './random.ts';

/**
 * What happens in one live step that hits a cell: one change of its life, recorded at `at` (epoch milliseconds), drawn by
 * weight among those that can happen there. Every cell always has something that can.
 */
export function liveChange(cell: Cell, hit: number, at: number): void {
  const random = cell.random('live', hit);
  const moment: Moment = { at, day: dayOf(at), hit, random };
  for (let attempt = 0; attempt < 12; attempt++) {
    let mark = random.next() * weightTotal;
    const change = changes.find(([weight]) => (mark -= weight) < 0)?.[1];
    if (change?.(cell, moment)) return;
  }
  if (!survey(cell, moment) && !renewPermit(cell, moment)) throw new RangeError('a cell in which nothing can happen');
}

interface Moment {
  readonly at: number;
  readonly day: string;
  readonly hit: number;
  readonly random: Random;
}
/** Answers whether it could happen. */
type Change = (cell: Cell, moment: Moment) => boolean;

/** A record in force becomes another version. */
function amend<Dataset extends DatasetName>(
  dataset: Dataset,
  reason: string,
  patch: (record: SourceRecord<Dataset>, moment: Moment) => Draft<Dataset>,
): Change {
  return (cell, moment) => {
    const records = cell.ledger.inForce(dataset);
    if (records.length === 0) return false;
    const record = moment.random.pick(records);
    cell.ledger.correct(record, reason, { at: moment.at }, patch(record, moment));
    return true;
  };
}

/** A record in force is over, as long as others of its dataset remain with the cell. */
function end<Dataset extends DatasetName>(
  dataset: Dataset,
  reason: string,
  remaining: number,
  patch: Draft<Dataset> = {},
): Change {
  return (cell, { at, day, random }) => {
    const records = cell.ledger.inForce(dataset).filter(({ validFrom }) => (validFrom ?? '') <= day);
    if (records.length <= remaining) return false;
    cell.ledger.cease(random.pick(records), reason, { at, to: day }, patch);
    return true;
  };
}

const phone = (random: Random): string => `130${random.digits(8)}`;
const survey = amend('hcb.dwelling', 'SURVEYED', (_, { random }) => ({
  innerArea: yuan(random.between(4_000, 14_000) / 100),
}));
const renewPermit = amend('psb.residence-permit', 'RENEWED', (_, { day, random }) => ({
  expiryDate: addYears(day, random.between(1, 5)),
  phone: phone(random),
}));
const contributed = amend('hrss.insurance', 'CONTRIBUTED', (record, { day }) => ({
  paidThroughMonth: addMonths(day, 0),
  contributionMonths: Number(record.data.contributionMonths ?? 0) + 1,
}));
const fundPaid = amend('hpf.provident-fund', 'CONTRIBUTED', (_, { day, random }) => ({
  paidThroughMonth: addMonths(day, 0),
  balance: yuan(random.between(100_000, 9_900_000) / 100),
}));

const changes: readonly (readonly [weight: number, change: Change])[] = [
  [22, contributed],
  [14, fundPaid],
  [16, payPension],
  [
    4,
    amend('hrss.pension-payment', 'RECALCULATED', (record, { random }) => ({
      amount: yuan(Number(record.data.amount) + random.between(1, 900) / 100),
      backPayAmount: '9.00',
    })),
  ],
  [
    6,
    amend('hrss.pension-entitlement', 'VERIFIED', (_, { day }) => ({
      verifiedDate: day,
      verificationMethod: '数据比对',
    })),
  ],
  [
    2,
    amend('hrss.pension-entitlement', 'ADJUSTED', (record, { random }) => ({
      monthlyAmount: yuan(Number(record.data.monthlyAmount) + random.between(100, 9_000) / 100),
    })),
  ],
  [
    12,
    amend('psb.household-register', 'DETAILS_CHANGED', (_, { random }) => ({
      occupation: random.pick(['职员', '工人', '农民', '个体经营', '无业']),
      education: random.pick(['初中', '高中', '大学本科']),
    })),
  ],
  [6, moveHouse],
  [6, typingError],
  [5, renewPermit],
  [1, end('psb.residence-permit', 'CANCELLED', 1)],
  [5, giveBirth],
  [6, someoneDies],
  [30, followDeath],
  [2, divorceNow],
  [7, takeVehicle],
  [3, end('psb.vehicle', 'SCRAPPED', 0, { status: '报废' })],
  [5, amend('psb.vehicle', 'MORTGAGE_CHANGED', (record) => ({ isMortgaged: record.data.isMortgaged !== true }))],
  [
    4,
    amend('nrb.real-estate-title', 'MORTGAGE_CHANGED', (record) => ({ isMortgaged: record.data.isMortgaged !== true })),
  ],
  [1, amend('nrb.real-estate-title', 'SEIZED', (record) => ({ isSeized: record.data.isSeized !== true }))],
  [3, survey],
  [3, amend('hcb.public-rental', 'RENT_CHANGED', (_, { random }) => ({ monthlyRent: yuan(random.between(120, 480)) }))],
  [4, amend('hcb.public-rental', 'ELIGIBILITY_REVIEWED', (_, { day }) => ({ eligibilityConfirmedDate: day }))],
  [4, amend('mca.dibao-household', 'REVIEWED', (_, { day }) => ({ reviewDueDate: addYears(day, 1) }))],
  [
    3,
    amend('mca.dibao-household', 'RAISED', (_, { random }) => ({
      memberAmount: yuan(random.between(30_000, 80_000) / 100),
    })),
  ],
  [1, end('mca.dibao-household', 'STOPPED', 0, { status: '停保', stopReason: '收入超过标准' })],
  [
    3,
    amend('dpf.disability-certificate', 'LEVEL_CHANGED', (_, { random }) => ({
      level: random.pick(['一级', '二级', '三级', '四级']),
    })),
  ],
  [
    10,
    amend('amr.enterprise-registration', 'CHANGED', (_, { random, day }) => ({
      registeredCapital: yuan(random.between(3, 900) * 10_000),
      registeredCapitalText: null,
      approvedDate: day,
      registrationBusinessType: '02',
    })),
  ],
  [4, amend('amr.enterprise-registration', 'LISTED_ABNORMAL', () => ({ status: '2' }))],
  [4, amend('amr.enterprise-registration', 'DELISTED_ABNORMAL', () => ({ status: '1' }))],
  [1, end('amr.enterprise-registration', 'DEREGISTERED', 0, { status: '4', registrationBusinessType: '03' })],
  [10, amend('mca.social-organisation', 'CHANGED', (_, { random }) => ({ phone: `0553-${random.digits(7)}` }))],
  [10, amend('sco.institution-registration', 'CHANGED', (_, { random }) => ({ staffQuota: random.between(5, 240) }))],
  [4, enterByMistake],
  [6, takeBack],
];
const weightTotal = changes.reduce((total, [weight]) => total + weight, 0);

function payPension(cell: Cell, { at, day, random }: Moment): boolean {
  const entitled = cell.ledger.inForce('hrss.pension-entitlement');
  if (entitled.length === 0) return false;
  const { subjectId } = random.pick(entitled);
  const person = cell.people.find(({ id }) => id === subjectId)!;
  for (let month = addMonths(cell.plan.base, 0); month <= day; month = addMonths(month, 1)) {
    const recordId = cell.recordId('FF', person.index, month.slice(0, 7).replace('-', ''));
    if (cell.ledger.knows('hrss.pension-payment', recordId, subjectId)) continue;
    pay(cell, person, month, at);
    return true;
  }
  return false;
}

function moveHouse(cell: Cell, { at, day, hit, random }: Moment): boolean {
  const entries = cell.ledger.inForce('psb.household-register').filter(({ validFrom }) => (validFrom ?? '') <= day);
  if (entries.length === 0) return false;
  const old = random.pick(entries);
  const township = random.pick(cell.district.townships);
  cell.ledger.cease(old, 'MOVED_OUT', { at, to: day });
  cell.ledger.create(
    'psb.household-register',
    cell.recordId('HJ', 'L', hit),
    'MOVED_IN',
    { at: at + 1, from: day },
    {
      ...old.data,
      householdAddress: `安徽省芜湖市${cell.district.name}${township[1]}样本路${random.between(1, 300)}号`,
      divisionCode: cell.district.code,
      townshipCode: township[0],
      movedFrom: '安徽省芜湖市',
      movedInDate: day,
    },
  );
  return true;
}

/** Two versions in quick succession: the wrong one and the right one. */
function typingError(cell: Cell, { at, random }: Moment): boolean {
  const entries = cell.ledger.inForce('psb.household-register');
  if (entries.length === 0) return false;
  const entry = random.pick(entries);
  const name = entry.data.name!;
  cell.ledger.correct(entry, 'DETAILS_CHANGED', { at }, { name: `${name}误` });
  cell.ledger.correct(entry, 'CLERICAL_ERROR', { at: at + 1 }, { name });
  return true;
}

function giveBirth(cell: Cell, { at, day }: Moment): boolean {
  const child = newborn(cell, day);
  if (!child) return false;
  cell.newborns.push(child);
  cell.ledger.create(
    'nhc.birth',
    cell.recordId('CS', child.index),
    'CERTIFICATE_ISSUED',
    { at, from: child.birthDate },
    birthDraft(cell, child),
  );
  cell.ledger.create(
    'psb.household-register',
    cell.recordId('HJ', child.index),
    'BIRTH_REGISTERED',
    { at: at + 1, from: child.birthDate },
    {
      ...householdDraft(cell, child),
      registeredDate: day,
    },
  );
  return true;
}

/** One live death a cell at most, of somebody old; the other registers learn of it in later steps. */
function someoneDies(cell: Cell, { at, day, random }: Moment): boolean {
  const old = cell.people.filter((one) => !one.deathDate && one.origin === 'local' && ageOn(one.birthDate, day) >= 60);
  if (old.length === 0 || cell.mourned) return false;
  const person = random.pick(old);
  person.deathDate = addDays(day, -random.between(0, 3));
  cell.mourned = person;
  cell.ledger.create(
    'nhc.death-certificate',
    cell.recordId('SW', person.index, 'L'),
    'CERTIFICATE_ISSUED',
    { at, from: person.deathDate },
    deathCertificateDraft(cell, person, person.deathDate),
  );
  return true;
}

/** The next of those who have not yet heard: 民政, 公安, 人社, and the marriage register for the survivor. */
function followDeath(cell: Cell, { at }: Moment): boolean {
  const person = cell.mourned;
  const died = person?.deathDate;
  if (!person || !died) return false;
  const { ledger } = cell;
  const cremation = cell.recordId('HH', person.index);
  if (!ledger.knows('mca.cremation', cremation, person.id)) {
    ledger.create('mca.cremation', cremation, 'CREMATED', { at, from: died }, cremationDraft(cell, person, died));
    return true;
  }
  return (
    endAt(cell, person, 'psb.household-register', 'DEATH_CANCELLED', at, died) ||
    endAt(cell, person, 'hrss.pension-entitlement', 'TERMINATED_BY_DEATH', at, died) ||
    (person.spouse !== undefined && endAt(cell, person.spouse, 'mca.marriage', 'SPOUSE_DIED', at, died)) ||
    endAt(cell, person, 'mca.dibao-household', 'MEMBER_DIED', at, died)
  );
}

function endAt(cell: Cell, person: Person, dataset: DatasetName, reason: string, at: number, day: string): boolean {
  const record = cell.ledger.inForce(dataset, person.id)[0];
  if (!record) return false;
  const from = record.validFrom;
  cell.ledger.cease(record, reason, { at, to: from && from > day ? from : day });
  return true;
}

function divorceNow(cell: Cell, { at, day }: Moment): boolean {
  const [head] = cell.people;
  const partner = head?.spouse;
  if (!head || !partner || head.divorcedDate || head.deathDate || partner.deathDate) return false;
  head.divorcedDate = partner.divorcedDate = day;
  const both = [divorce(cell, head, at, day), divorce(cell, partner, at, day)];
  return both.includes(true);
}

/** Vehicles that a member may ever have had. */
const vehiclesMax = 4;

function takeVehicle(cell: Cell, { at, day, random }: Moment): boolean {
  const adults = cell.people.filter((one) => !one.deathDate && ageOn(one.birthDate, day) >= 20);
  if (adults.length === 0) return false;
  const person = random.pick(adults);
  const subjectId = person.formerId ?? person.id;
  for (let index = 0; index < vehiclesMax; index++) {
    if (cell.ledger.knows('psb.vehicle', cell.recordId('JD', person.index, index), subjectId)) continue;
    buyVehicle(cell, person, index, at);
    return true;
  }
  return false;
}

/** A scheme booked for somebody who never joined it; sometimes noticed at once, else in a later step. */
function enterByMistake(cell: Cell, { at, day, hit, random }: Moment): boolean {
  if (cell.mistakes.length >= 2) return false;
  const person = random.pick(cell.people);
  const record = cell.ledger.create(
    'hrss.insurance',
    cell.recordId('CB', 'X', hit),
    'JOINED',
    { at, from: day },
    {
      citizenId: person.id,
      name: person.name,
      scheme: '工伤保险',
      status: '正常缴费',
      joinedDate: day,
    },
  );
  if (random.chance(0.5)) cell.ledger.annul(record, 'CLERICAL_ERROR', { at: at + 1 });
  else cell.mistakes.push(record);
  return true;
}

function takeBack(cell: Cell, { at }: Moment): boolean {
  const record = cell.mistakes.shift();
  if (!record) return false;
  // Another step may have ended or amended it meanwhile; an annulment withdraws it whatever it has become.
  cell.ledger.annul(record, 'CLERICAL_ERROR', { at });
  return true;
}
