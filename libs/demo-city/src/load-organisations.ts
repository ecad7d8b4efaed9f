import { addDays, addYears } from './calendar.ts';
import { firmEvery, firmOf, institutionEvery, socialEvery, type Cell } from './cell.ts';
import { yuan } from './load-welfare.ts';
import { creditCode, registrationNumber } from './numbers.ts';

/** 市场主体, 社会组织, 机关事业单位: the organisation that a cell keeps, if any. */
export function loadOrganisations(cell: Cell): void {
  if (keeps(cell, firmEvery)) loadFirm(cell);
  if (keeps(cell, socialEvery)) loadSocialOrganisation(cell);
  if (keeps(cell, institutionEvery)) loadInstitution(cell);
}

const keeps = (cell: Cell, { every, first }: { every: number; first: number }): boolean =>
  cell.number % every === first;

function loadFirm(cell: Cell): void {
  const { ledger, plan, district, home } = cell;
  const random = cell.random('firm');
  const firm = firmOf(cell.number);
  const founded = addDays(plan.base, -random.between(200, 6_000));
  const at = cell.recorded(founded, random, [0, 5]);
  const chief = cell.people[0]!;
  const kind = firm.creditCode.slice(0, 2);
  const capital = random.between(3, 500) * 10_000;
  const record = ledger.create(
    'amr.enterprise-registration',
    cell.recordId('SC', 1),
    'FOUNDED',
    { at, from: founded },
    {
      creditCode: firm.creditCode,
      name: firm.name,
      registrationNo: founded < '2015-10-01' ? registrationNumber(firm.creditCode.slice(2, 8), cell.number) : null,
      organisationCode: firm.creditCode.slice(8, 17),
      enterpriseType:
        { '91': '有限责任公司(自然人投资或控股)', '92': '个体工商户', '93': '农民专业合作社' }[kind] ?? null,
      industryCode: random.pick(['5219', '3670', '6513', '0141']),
      legalRepresentative: chief.name,
      legalRepresentativeId: chief.id,
      registeredCapital: yuan(capital),
      registeredCapitalText: `${capital / 10_000}万人民币`,
      capitalCurrency: 'CNY',
      businessScope: '示例: 一般项目、技术服务、货物批发零售',
      foundedDate: founded,
      approvedDate: founded,
      businessUntil: random.chance(0.5) ? addYears(founded, 30) : null,
      province: '安徽省',
      city: '芜湖市',
      address: home.address,
      divisionCode: district.code,
      businessAddress: home.address,
      registrationAuthority: `芜湖市${district.name}市场监督管理局`,
      registrationBusinessType: '01',
      status: '1',
      phone: `0553-${random.digits(7)}`,
    },
  );
  const changedAt = cell.recorded(addDays(plan.base, -random.between(20, 190)), random, [0, 10]);
  if (random.chance(0.4))
    ledger.correct(
      record,
      'CHANGED',
      { at: changedAt },
      { registeredCapital: yuan(capital * 2), registeredCapitalText: null, registrationBusinessType: '02' },
    );
  const fate = random.next();
  const endedAt = changedAt + 5 * 86_400_000;
  if (!cell.isPast(endedAt)) return;
  if (fate < 0.06) ledger.correct(record, 'LISTED_ABNORMAL', { at: endedAt }, { status: '2' });
  else if (fate < 0.1) ledger.correct(record, 'LICENCE_REVOKED', { at: endedAt }, { status: '3' });
  else if (fate < 0.16)
    ledger.cease(
      record,
      'DEREGISTERED',
      { at: endedAt, to: addDays(plan.base, -1) },
      { status: '4', registrationBusinessType: '03' },
    );
  else if (fate < 0.18) ledger.annul(record, 'REGISTRATION_CANCELLED', { at: endedAt });
}

function loadSocialOrganisation(cell: Cell): void {
  const { ledger, plan, district, home } = cell;
  const random = cell.random('social');
  const kind = random.pick(['1', '1', '2', '2', '3'] as const);
  const founded = addDays(plan.base, -random.between(200, 5_000));
  const at = cell.recorded(founded, random, [0, 20]);
  const name = { '1': '协会', '2': '养老服务中心', '3': '公益基金会' }[kind];
  const record = ledger.create(
    'mca.social-organisation',
    cell.recordId('SZ', 1),
    'FOUNDED',
    { at, from: founded },
    {
      creditCode: creditCode(`5${kind}`, random.chance(0.5) ? '340200' : district.code, cell.number * 3 + 1),
      name: `芜湖市样例第${cell.number}号${name}`,
      organisationKind: kind,
      legalRepresentative: cell.people[0]!.name,
      legalRepresentativeId: cell.people[0]!.id,
      registeredCapital: yuan(random.between(3, 200) * 10_000),
      purpose: '示例: 服务社会',
      businessScope: '示例: 交流、培训、公益服务',
      activityArea: '芜湖市',
      address: home.address,
      divisionCode: district.code,
      supervisingUnit: '芜湖市样例局',
      registrationAuthority: '芜湖市民政局',
      foundedDate: founded,
      approvedDate: founded,
      certificateExpiryDate: addYears(plan.base, random.between(1, 4)),
      annualInspectionResult: null,
      status: '1',
      phone: `0553-${random.digits(7)}`,
    },
  );
  const inspectedAt = cell.recorded(addDays(plan.base, -random.between(20, 150)), random, [0, 10]);
  if (random.chance(0.8))
    ledger.correct(
      record,
      'ANNUAL_INSPECTION',
      { at: inspectedAt },
      { annualInspectionResult: random.pick(['合格', '合格', '基本合格']) },
    );
  const endedAt = inspectedAt + 86_400_000;
  if (random.chance(0.08) && cell.isPast(endedAt))
    ledger.cease(record, 'DEREGISTERED', { at: endedAt, to: addDays(plan.base, -1) }, { status: '4' });
}

function loadInstitution(cell: Cell): void {
  const { ledger, plan, district, home } = cell;
  const random = cell.random('institution');
  const kind = random.pick(['1', '2', '2', '2', '3'] as const);
  const founded = addDays(plan.base, -random.between(2_000, 12_000));
  const at = cell.recorded(founded, random, [0, 20]);
  const code = creditCode(`1${kind}`, district.former[0]?.code ?? district.code, cell.number * 3 + 2);
  const name = { '1': '局', '2': '中学', '3': '联合会' }[kind];
  const record = ledger.create(
    'sco.institution-registration',
    cell.recordId('SY', 1),
    'INITIAL_LOAD',
    { at, from: founded },
    {
      creditCode: code,
      name: `芜湖市${district.name}样例第${cell.number}号${name}`,
      institutionKind: kind,
      organisationCode: code.slice(8, 17),
      legalRepresentative: cell.people[0]!.name,
      businessScope: '示例: 公共服务',
      fundingSource: '财政拨款',
      startingFunds: yuan(random.between(10, 4_000) * 10_000),
      sponsor: `芜湖市${district.name}人民政府`,
      address: home.address,
      divisionCode: district.code,
      registrationAuthority: '芜湖市事业单位登记管理局',
      foundedDate: founded,
      approvedDate: founded,
      certificateExpiryDate: addYears(plan.base, random.between(1, 5)),
      staffQuota: random.between(5, 240),
      status: '1',
      phone: `0553-${random.digits(7)}`,
    },
  );
  const renewedAt = cell.recorded(addDays(plan.base, -random.between(20, 300)), random, [0, 10]);
  if (random.chance(0.5))
    ledger.correct(record, 'CERTIFICATE_RENEWED', { at: renewedAt }, { approvedDate: addDays(plan.base, -310) });
}
