import { addDays, addMonths, addYears, ageOn, startOf } from './calendar.ts';
import type { Cell } from './cell.ts';
import type { Draft, SourceRecord } from './ledger.ts';
import type { Person } from './people.ts';

/** 养老待遇和发放, 社保缴纳, 公积金, 低保, 残疾人证. */
export function loadWelfare(cell: Cell): void {
  for (const person of cell.people) {
    const age = ageOn(person.birthDate, cell.plan.base);
    if (age >= pensionAge(person) && person.origin === 'local') loadPension(cell, person);
    else if (!person.deathDate) loadInsurance(cell, person, age);
    if (person.origin === 'local' && cell.random('disabled', person.index).chance(age > 60 ? 0.08 : 0.03))
      loadDisability(cell, person);
  }
  if (cell.people[0]!.origin === 'local' && cell.random('dibao').chance(0.06)) loadDibao(cell);
}

/** Payments of this many months before the base day are in the initial load. */
const monthsPaid = 6;
const pensionAge = (person: Person): number => (person.sex === '1' ? 60 : 55);

/** An amount in yuan. */
export const yuan = (amount: number): string => amount.toFixed(2);

/** What a person's pension is: scheme and monthly amount. */
function pensionOf(
  cell: Cell,
  person: Person,
): { scheme: string; amount: number; number: string; bankAccountNo: string } {
  const random = cell.random('pension', person.index);
  const employee = random.chance(0.6);
  return {
    scheme: employee ? '企业职工基本养老保险' : '城乡居民基本养老保险',
    amount: employee ? random.between(180_000, 620_000) / 100 : random.between(19_000, 42_000) / 100,
    number: cell.recordId('YL', person.index),
    bankAccountNo: `6200${random.digits(15)}`,
  };
}

function loadPension(cell: Cell, person: Person): void {
  const { ledger, plan } = cell;
  const random = cell.random('pension load', person.index);
  const pension = pensionOf(cell, person);
  const retired = addDays(addYears(person.birthDate, pensionAge(person)), random.between(0, 30));
  const at = cell.recorded(retired, random, [0, 30]);
  if (!cell.isPast(at) || (person.deathDate && person.deathDate < addMonths(retired, 1))) return;
  const employer = cell.employer(random);
  const record = ledger.create(
    'hrss.pension-entitlement',
    pension.number,
    'GRANTED',
    { at, from: addMonths(retired, 1) },
    {
      citizenId: person.id,
      name: person.name,
      birthDate: person.birthDate,
      sex: person.sex,
      scheme: pension.scheme,
      benefitType: '基本养老金',
      entitlementNo: pension.number,
      retiredDate: retired,
      approvedDate: addDays(retired, 10),
      firstPaidMonth: addMonths(retired, 1),
      monthlyAmount: yuan(pension.amount * 0.96),
      contributionMonths: random.between(180, 480),
      status: '正常发放',
      verifiedDate: addDays(plan.base, -random.between(20, 360)),
      verificationMethod: random.pick(['数据比对', '手机认证', '社区走访']),
      employerName: employer?.name ?? null,
      employerCreditCode: employer?.creditCode ?? null,
      bankName: '样例银行芜湖分行',
      bankAccountNo: pension.bankAccountNo,
      agency: '芜湖市社会保险事业服务中心',
      divisionCode: cell.district.code,
    },
  );
  const adjustedAt = cell.recorded(addMonths(plan.base, -4), random, [0, 20]);
  const died = person.deathDate;
  if (adjustedAt > at && !(died && startOf(died) < adjustedAt))
    ledger.correct(record, 'ADJUSTED', { at: adjustedAt }, { monthlyAmount: yuan(pension.amount) });
  const stoppedAt = died ? cell.recorded(died, random, random.chance(0.2) ? [70, 400] : [8, 40]) : Infinity;
  if (died && cell.isPast(stoppedAt)) {
    const stoppedDate = new Date(stoppedAt).toISOString().slice(0, 10);
    ledger.cease(
      record,
      'TERMINATED_BY_DEATH',
      { at: stoppedAt, to: addDays(died, 0) },
      { status: '终止', stoppedDate, stopReason: '死亡' },
    );
  }
  loadPayments(cell, person, { retired, died, stoppedAt });
}

/** Payments go on until the agency stops them: those after the month of death were paid to the dead. */
function loadPayments(
  cell: Cell,
  person: Person,
  life: { retired: string; died: string | undefined; stoppedAt: number },
): void {
  const random = cell.random('payments', person.index);
  const first = life.died ? addMonths(life.died, -2) : addMonths(cell.plan.base, -monthsPaid);
  for (
    let month = first < addMonths(life.retired, 1) ? addMonths(life.retired, 1) : first;
    ;
    month = addMonths(month, 1)
  ) {
    const paid = addDays(month, 14);
    const at = startOf(paid) + random.between(0, 36_000_000);
    if (!cell.isPast(at) || at > life.stoppedAt) return;
    const record = pay(cell, person, month, at);
    const overpaid = life.died !== undefined && month > life.died;
    const backAt = at + random.between(5, 40) * 86_400_000;
    if (overpaid && random.chance(0.25) && cell.isPast(backAt)) cell.ledger.annul(record, 'RETURNED', { at: backAt });
    else if (random.chance(0.01) && cell.isPast(backAt))
      cell.ledger.correct(
        record,
        'RECALCULATED',
        { at: backAt },
        { amount: yuan(pensionOf(cell, person).amount + 12.5), backPayAmount: '12.50' },
      );
    else if (random.chance(0.004) && cell.isPast(backAt)) misbooked(cell, record, backAt);
  }
}

/** Pays one month. */
export function pay(cell: Cell, person: Person, month: string, at: number): SourceRecord<'hrss.pension-payment'> {
  const pension = pensionOf(cell, person);
  const short = month.slice(0, 7).replace('-', '');
  return cell.ledger.create(
    'hrss.pension-payment',
    cell.recordId('FF', person.index, short),
    'PAID',
    { at, from: month, to: addDays(addMonths(month, 1), -1) },
    {
      citizenId: person.id,
      name: person.name,
      month,
      amount: yuan(pension.amount),
      scheme: pension.scheme,
      benefitType: '基本养老金',
      entitlementNo: pension.number,
      basicAmount: yuan(pension.amount * 0.75),
      accountAmount: yuan(pension.amount - Number(yuan(pension.amount * 0.75))),
      paidDate: new Date(at).toISOString().slice(0, 10),
      batchNo: `PC${short}`,
      bankName: '样例银行芜湖分行',
      bankAccountNo: pension.bankAccountNo,
      result: '成功',
      agency: '芜湖市社会保险事业服务中心',
      divisionCode: cell.district.code,
    },
  );
}

/** Booked under the wrong member of the household: annulled there and created anew, under the same source record. */
function misbooked(cell: Cell, record: SourceRecord<'hrss.pension-payment'>, at: number): void {
  const other = cell.people.find((one) => one.id !== record.subjectId && !one.deathDate);
  if (!other) return;
  const draft = { ...record.data, citizenId: other.id, name: other.name };
  cell.ledger.annul(record, 'CLERICAL_ERROR', { at });
  const moved = cell.ledger.create(
    'hrss.pension-payment',
    record.recordId,
    'CLERICAL_ERROR',
    { at: at + 1 },
    draft,
    record.version + 1,
  );
  cell.ledger.annul(moved, 'RECOVERED', { at: at + 3_600_000 });
}

function loadInsurance(cell: Cell, person: Person, age: number): void {
  const random = cell.random('insurance', person.index);
  const employed = age >= 18 && random.chance(0.7);
  const schemes = employed ? ['企业职工基本养老保险', '职工基本医疗保险'] : ['城乡居民基本医疗保险'];
  const employer = employed ? cell.employer(random) : undefined;
  for (const [at, scheme] of schemes.entries()) join(cell, person, { scheme, employer, at });
  if (employed && random.chance(0.5)) openFund(cell, person, employer);
}

function join(
  cell: Cell,
  person: Person,
  {
    scheme,
    employer,
    at: index,
  }: { scheme: string; employer: { name: string; creditCode: string } | undefined; at: number },
): void {
  const { ledger, plan } = cell;
  const random = cell.random('insurance load', person.index, index);
  const joined = addMonths(plan.base, -random.between(8, 70));
  const at = cell.recorded(joined, random, [0, 20]);
  const base = random.between(4_000, 16_000);
  const record = ledger.create(
    'hrss.insurance',
    cell.recordId('CB', person.index, index),
    'JOINED',
    { at, from: joined },
    {
      citizenId: person.id,
      name: person.name,
      sex: person.sex,
      birthDate: person.birthDate,
      scheme,
      personalNo: `G${cell.number}${person.index}`,
      identityKind: employer ? '在职职工' : '城乡居民',
      employerName: employer?.name ?? null,
      employerCreditCode: employer?.creditCode ?? null,
      status: '正常缴费',
      joinedDate: joined,
      paidThroughMonth: addMonths(plan.base, -3),
      contributionBase: yuan(base),
      personalContribution: yuan(base * 0.08),
      employerContribution: yuan(base * 0.16),
      contributionMonths: random.between(5, 200),
      agency: '芜湖市社会保险事业服务中心',
      divisionCode: cell.district.code,
    },
  );
  const laterAt = cell.recorded(addMonths(plan.base, -1), random, [1, 12]);
  if (!cell.isPast(laterAt) || laterAt <= at) return;
  if (random.chance(0.25))
    ledger.correct(record, 'CONTRIBUTED', { at: laterAt }, { paidThroughMonth: addMonths(plan.base, -1) });
  else if (random.chance(0.06))
    ledger.correct(
      record,
      'SUSPENDED',
      { at: laterAt },
      { status: '暂停缴费', suspendedDate: addMonths(plan.base, -1) },
    );
  else if (random.chance(0.04))
    ledger.cease(record, 'TERMINATED', { at: laterAt, to: addMonths(plan.base, -1) }, { status: '终止' });
}

function openFund(cell: Cell, person: Person, employer: { name: string; creditCode: string } | undefined): void {
  const { ledger, plan } = cell;
  const random = cell.random('fund', person.index);
  const opened = addMonths(plan.base, -random.between(10, 80));
  const at = cell.recorded(opened, random, [0, 15]);
  const base = random.between(4_000, 20_000);
  const record = ledger.create(
    'hpf.provident-fund',
    cell.recordId('GJJ', person.index),
    'OPENED',
    { at, from: opened },
    {
      citizenId: person.id,
      name: person.name,
      accountNo: `GJJ${cell.number}${person.index}`,
      employerName: employer?.name ?? null,
      employerCreditCode: employer?.creditCode ?? null,
      status: '正常',
      openedDate: opened,
      contributionBase: yuan(base),
      employerRatePercent: 8,
      personalRatePercent: 8,
      monthlyContribution: yuan(base * 0.16),
      paidThroughMonth: addMonths(plan.base, -2),
      balance: yuan(random.between(100_000, 9_000_000) / 100),
      phone: `130${random.digits(8)}`,
    },
  );
  const laterAt = cell.recorded(addMonths(plan.base, -1), random, [0, 14]);
  if (random.chance(0.3) && cell.isPast(laterAt))
    ledger.correct(
      record,
      'CONTRIBUTED',
      { at: laterAt },
      { paidThroughMonth: addMonths(plan.base, -1), balance: yuan(random.between(100_000, 9_000_000) / 100) },
    );
}

function loadDisability(cell: Cell, person: Person): void {
  const { ledger, plan } = cell;
  const random = cell.random('disability', person.index);
  const issued = addDays(plan.base, -random.between(100, 2_500));
  const at = cell.recorded(issued, random, [0, 10]);
  const level = random.between(1, 4);
  const guardian = person.mother ?? cell.people.find((one) => one !== person);
  const record = ledger.create(
    'dpf.disability-certificate',
    cell.recordId('CJ', person.index),
    'ISSUED',
    { at, from: issued },
    {
      citizenId: person.id,
      certificateNo: `${person.id}${random.between(1, 7)}${level}`,
      name: person.name,
      sex: person.sex,
      ethnicity: person.ethnicity,
      birthDate: person.birthDate,
      category: random.pick(['肢体', '视力', '听力', '言语', '智力', '精神']),
      level: '一二三四'[level - 1]! + '级',
      isMultiple: random.chance(0.08),
      guardianName: guardian?.name ?? null,
      guardianId: guardian?.id ?? null,
      householdAddress: cell.home.address,
      residenceAddress: cell.home.address,
      divisionCode: cell.district.code,
      assessingInstitution: '芜湖市样例医院',
      issuingAuthority: `芜湖市${cell.district.name}残疾人联合会`,
      issuedDate: issued,
      expiryDate: addYears(issued, 10),
      status: '有效',
    },
  );
  const laterAt = cell.recorded(addDays(plan.base, -random.between(5, 90)), random, [0, 5]);
  if (laterAt <= at || !cell.isPast(laterAt)) return;
  if (person.deathDate)
    ledger.cease(
      record,
      'CANCELLED',
      { at: laterAt, to: person.deathDate > issued ? person.deathDate : issued },
      { status: '注销' },
    );
  else if (random.chance(0.15)) ledger.correct(record, 'LEVEL_CHANGED', { at: laterAt }, { level: '二级' });
}

function loadDibao(cell: Cell): void {
  const { ledger, plan, people } = cell;
  const random = cell.random('dibao load');
  const confirmed = addDays(plan.base, -random.between(60, 1_500));
  const members = people.filter((one) => !(one.deathDate && one.deathDate < confirmed));
  const perMember = random.between(30_000, 72_000) / 100;
  const stopped = random.chance(0.15) ? addDays(plan.base, -random.between(5, 55)) : undefined;
  for (const person of members) {
    const at = cell.recorded(confirmed, random, [0, 3]);
    const record = ledger.create(
      'mca.dibao-household',
      cell.recordId('DB', person.index),
      'CONFIRMED',
      { at, from: addMonths(confirmed, 1) },
      dibaoDraft(cell, person, { confirmed, members: members.length, perMember }),
    );
    const raisedAt = cell.recorded(addMonths(plan.base, -2), random, [0, 9]);
    if (random.chance(0.5) && raisedAt > at)
      ledger.correct(
        record,
        'RAISED',
        { at: raisedAt },
        { memberAmount: yuan(perMember + 25), monthlyAmount: yuan((perMember + 25) * members.length) },
      );
    const over = person.deathDate ?? stopped;
    if (!over || over <= addMonths(confirmed, 1)) continue;
    const stoppedAt = cell.recorded(over, random, [3, 80]);
    if (cell.isPast(stoppedAt))
      ledger.cease(
        record,
        person.deathDate ? 'MEMBER_DIED' : 'STOPPED',
        { at: stoppedAt, to: over },
        { status: '停保', stopReason: person.deathDate ? '成员死亡' : '收入超过标准' },
      );
  }
}

function dibaoDraft(
  cell: Cell,
  person: Person,
  { confirmed, members, perMember }: { confirmed: string; members: number; perMember: number },
): Draft<'mca.dibao-household'> {
  const random = cell.random('dibao draft');
  return {
    citizenId: person.id,
    name: person.name,
    householdNo: cell.recordId('DBH'),
    applicantId: cell.people[0]!.id,
    relation: person.index === 0 ? '01' : person.relation,
    memberCount: members,
    assistanceKind: '最低生活保障',
    householdAddress: cell.home.address,
    residenceAddress: cell.home.address,
    divisionCode: cell.district.code,
    wageIncome: yuan(random.between(0, 9_000)),
    businessIncome: '0.00',
    propertyIncome: '0.00',
    transferIncome: yuan(random.between(0, 2_000)),
    perCapitaIncome: yuan(random.between(50, 600)),
    monthlyAmount: yuan(perMember * members),
    memberAmount: yuan(perMember),
    authorisationNo: cell.recordId('SQ', person.index),
    acceptedDate: addDays(confirmed, -20),
    confirmedDate: confirmed,
    paidFromDate: addMonths(confirmed, 1),
    reviewDueDate: addYears(confirmed, 1),
    status: '在保',
  };
}
