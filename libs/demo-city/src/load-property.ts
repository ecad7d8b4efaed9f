import { addDays, addYears, ageOn } from './calendar.ts';
import { firmOf, firmEvery, type Cell } from './cell.ts';
import type { Draft } from './ledger.ts';
import { estateUnitNo } from './numbers.ts';
import type { Person } from './people.ts';
import { yuan } from './load-welfare.ts';

/** 房屋, 不动产权利, 公租房, 机动车: what the members of a cell own or rent. */
export function loadProperty(cell: Cell): void {
  if (cell.people[0]!.origin === 'local') loadHome(cell);
  if (cell.random('rental').chance(cell.number % 10 === 8 ? 0.25 : 0.03)) loadRental(cell);
  for (const person of cell.people) {
    const adult = ageOn(person.birthDate, cell.plan.base) >= 20;
    if (adult && cell.random('drives', person.index).chance(person.relation === '02' ? 0.5 : 0.15))
      buyVehicle(cell, person, 0);
  }
  if (cell.random('vehicle sold').chance(0.02)) loadSale(cell);
}

function dwellingDraft(cell: Cell, unit: string): Draft<'hcb.dwelling'> {
  const { home, district } = cell;
  const random = cell.random('dwelling', unit);
  const area = random.between(5_200, 16_800) / 100;
  const developer = cell.plan.cells > firmEvery.first ? firmOf(firmEvery.first) : undefined;
  return {
    estateUnitNo: unit,
    address: home.address,
    divisionCode: district.code,
    townshipCode: home.township[0],
    estateName: home.estate,
    buildingNo: home.building,
    entranceNo: String(random.between(1, 3)),
    roomNo: home.room,
    floor: home.floor,
    totalFloors: 18,
    layout: random.pick(['二室一厅', '二室二厅', '三室二厅', '四室二厅']),
    structure: '钢筋混凝土',
    plannedUse: '住宅',
    houseNature: random.pick(['市场化商品房', '安置房', '房改房']),
    buildingArea: yuan(area),
    innerArea: yuan(area * 0.82),
    longitude: random.between(117_900_000, 118_600_000) / 1e6,
    latitude: random.between(30_800_000, 31_500_000) / 1e6,
    completedDate: addDays('2003-01-01', random.between(0, 5_000)),
    developerName: developer?.name ?? null,
    developerCreditCode: developer?.creditCode ?? null,
    status: '已登记',
  };
}

function loadHome(cell: Cell): void {
  const { ledger, home } = cell;
  const random = cell.random('home load');
  const draft = dwellingDraft(cell, home.unit);
  const completed = draft.completedDate as string;
  const at = cell.recorded(completed, random, [10, 90]);
  const former = cell.formerDistrict();
  if (home.formerUnit && former) {
    // The old unit ends and the new one names it: one dwelling, two numbers.
    const old = ledger.create(
      'hcb.dwelling',
      cell.recordId('FW', 1),
      'INITIAL_LOAD',
      { at, from: completed },
      {
        ...draft,
        estateUnitNo: home.formerUnit,
        divisionCode: former.code,
        address: cell.addressIn(former),
        townshipCode: null,
      },
    );
    const renumbered = addDays(former.until, random.between(30, 400));
    const renumberedAt = cell.recorded(renumbered, random, [0, 10]);
    ledger.cease(old, 'UNIT_RENUMBERED', { at: renumberedAt, to: renumbered > completed ? renumbered : completed });
    ledger.create(
      'hcb.dwelling',
      cell.recordId('FW', 2),
      'UNIT_RENUMBERED',
      { at: renumberedAt + 1, from: renumbered },
      { ...draft, formerEstateUnitNo: home.formerUnit },
    );
  } else {
    const record = ledger.create(
      'hcb.dwelling',
      cell.recordId('FW', 1),
      'INITIAL_LOAD',
      { at, from: completed },
      draft,
    );
    if (random.chance(0.05))
      ledger.correct(
        record,
        'SURVEYED',
        { at: at + 40 * 86_400_000 },
        { innerArea: yuan(Number(draft.innerArea) - 0.5) },
      );
  }
  if (random.chance(0.85)) loadTitles(cell, draft);
}

function loadTitles(cell: Cell, dwelling: Draft<'hcb.dwelling'>): void {
  const { ledger, home, people, plan } = cell;
  const random = cell.random('titles');
  const transferred = addDays(plan.base, -random.between(40, 4_000));
  const at = cell.recorded(transferred, random, [1, 30]);
  const [head] = people;
  const unit = home.formerUnit ?? home.unit;
  if (random.chance(0.3)) {
    const first = ledger.create(
      'nrb.real-estate-title',
      cell.recordId('BDC', 'A'),
      'FIRST_REGISTERED',
      { at: at - 1, from: addDays(transferred, -300) },
      { ...titleDraft(cell, dwelling, undefined), estateUnitNo: unit, registeredDate: addDays(transferred, -300) },
    );
    ledger.cease(first, 'TRANSFERRED', { at, to: transferred });
  }
  const owners = head!.spouse && random.chance(0.7) ? [head!, head!.spouse] : [head!];
  const byShares = owners.length > 1 && random.chance(0.3);
  for (const owner of owners) {
    const draft = {
      ...titleDraft(cell, dwelling, owner),
      estateUnitNo: unit,
      registeredDate: transferred,
      coOwnership: owners.length === 1 ? '0' : byShares ? '2' : '1',
      share: byShares ? (owner === owners[0] ? '60%' : '40%') : null,
    };
    const record = ledger.create(
      'nrb.real-estate-title',
      cell.recordId('BDC', owner.index),
      'TRANSFERRED',
      { at: at + 1 + owner.index, from: transferred },
      draft,
    );
    if (!home.formerUnit) continue;
    // The register renumbers later than the building table, and for a while not at all.
    const renumberedAt = cell.recorded(addDays(plan.base, -random.between(30, 500)), random, [0, 5]);
    if (random.chance(0.3) || renumberedAt <= at + 10) continue;
    ledger.cease(record, 'UNIT_RENUMBERED', { at: renumberedAt, to: addDays(plan.base, -1) });
    ledger.create(
      'nrb.real-estate-title',
      cell.recordId('BDC', owner.index, 'N'),
      'UNIT_RENUMBERED',
      { at: renumberedAt + 1, from: transferred },
      { ...draft, estateUnitNo: home.unit, formerEstateUnitNo: home.formerUnit },
    );
  }
}

function titleDraft(
  cell: Cell,
  dwelling: Draft<'hcb.dwelling'>,
  owner: Person | undefined,
): Draft<'nrb.real-estate-title'> {
  const random = cell.random('title', owner?.index ?? 'developer');
  return {
    ownerName: owner?.name ?? dwelling.developerName ?? '芜湖样例置业有限公司',
    ownerId: owner?.id ?? dwelling.developerCreditCode ?? null,
    ownerIdType: owner ? '身份证' : '营业执照',
    ownerType: owner ? '个人' : '企业',
    coOwnership: '0',
    certificateNo: `皖(样例)芜湖市不动产权第${String(cell.number).padStart(7, '0')}号`,
    businessNo: cell.recordId('YW', owner?.index ?? 'A'),
    rightType: '国有建设用地使用权/房屋所有权',
    registrationType: owner ? '转移登记' : '首次登记',
    location: cell.home.address,
    divisionCode: cell.district.code,
    plannedUse: '住宅',
    houseNature: dwelling.houseNature ?? null,
    structure: dwelling.structure ?? null,
    buildingArea: dwelling.buildingArea ?? null,
    exclusiveArea: dwelling.innerArea ?? null,
    landUseUntil: addYears('2073-05-31', random.between(0, 10)),
    transactionPrice: yuan(random.between(300_000, 2_400_000)),
    isMortgaged: random.chance(0.3),
    isSeized: random.chance(0.01),
  };
}

/** A public rental unit of its own, beside the household's dwelling. */
function loadRental(cell: Cell): void {
  const { ledger, plan } = cell;
  const random = cell.random('rental load');
  const unit = estateUnitNo(cell.district.code, cell.number, 2);
  const tenant = cell.people[0]!;
  const leased = addDays(plan.base, -random.between(50, 1_500));
  const at = cell.recorded(leased, random, [0, 20]);
  ledger.create(
    'hcb.dwelling',
    cell.recordId('FW', 3),
    'BUILT',
    { at: cell.recorded(addDays(leased, -100), random, [0, 20]), from: addDays(leased, -100) },
    { ...dwellingDraft(cell, unit), houseNature: '公共租赁住房', completedDate: addDays(leased, -100) },
  );
  const record = ledger.create(
    'hcb.public-rental',
    cell.recordId('GZ', 1),
    'LEASED',
    { at, from: leased },
    {
      estateUnitNo: unit,
      contractNo: cell.recordId('HT', 1),
      tenantId: tenant.formerId ?? tenant.id,
      tenantName: tenant.name,
      tenantPhone: `130${random.digits(8)}`,
      occupantCount: cell.people.length,
      projectName: '样例公租房项目',
      address: cell.home.address,
      divisionCode: cell.district.code,
      buildingArea: yuan(random.between(3_500, 6_000) / 100),
      monthlyRent: yuan(random.between(120, 480)),
      depositAmount: '1000.00',
      leaseFrom: leased,
      leaseUntil: addYears(leased, 3),
      movedInDate: addDays(leased, 5),
      rentPaidThrough: addDays(plan.base, -20),
      eligibilityKind: random.pick(['住房困难家庭', '新就业职工', '外来务工人员']),
      eligibilityConfirmedDate: addDays(leased, -30),
      status: '在租',
      managingUnit: '芜湖样例住房保障中心',
    },
  );
  const laterAt = cell.recorded(addDays(plan.base, -random.between(4, 40)), random, [0, 3]);
  if (laterAt <= at || !cell.isPast(laterAt)) return;
  if (random.chance(0.2))
    ledger.cease(
      record,
      'VACATED',
      { at: laterAt, to: addDays(plan.base, -3) },
      { status: '已退租', movedOutDate: addDays(plan.base, -3) },
    );
  else if (random.chance(0.3)) ledger.correct(record, 'RENT_CHANGED', { at: laterAt }, { monthlyRent: '333.00' });
}

/** Registers a vehicle; `at` is given in live steps. */
export function buyVehicle(cell: Cell, person: Person, index: number, atMs?: number): void {
  const random = cell.random('vehicle', person.index, index);
  const bought =
    atMs === undefined
      ? addDays(cell.plan.base, -random.between(10, 3_600))
      : new Date(atMs).toISOString().slice(0, 10);
  const at = atMs ?? cell.recorded(bought, random, [0, 5]);
  if (atMs === undefined && !cell.isPast(at)) return;
  const record = cell.ledger.create(
    'psb.vehicle',
    cell.recordId('JD', person.index, index),
    'REGISTERED',
    { at, from: bought },
    {
      citizenId: person.formerId ?? person.id,
      ownerName: person.name,
      plateNo: `皖B${String(cell.number * 12 + person.index).padStart(5, '0')}${index}`,
      plateType: '小型汽车号牌',
      vehicleType: '小型轿车',
      brand: random.pick(['样牌', '例牌', '仿牌']),
      model: `S${random.between(1, 9)}`,
      vin: `SYN${random.digits(14)}`,
      engineNo: `E${random.digits(7)}`,
      usage: '非营运',
      colour: random.pick(['白', '黑', '银', '蓝']),
      seats: 5,
      purchasePrice: yuan(random.between(60_000, 320_000)),
      firstRegisteredDate: bought,
      inspectionExpiryDate: addYears(bought, 6),
      isMortgaged: random.chance(0.2),
      status: '正常',
      registrationAuthority: '芜湖市公安局交通警察支队车辆管理所',
      divisionCode: cell.district.code,
    },
  );
  if (atMs !== undefined) return;
  const laterAt = cell.recorded(addDays(cell.plan.base, -random.between(2, 300)), random, [0, 2]);
  if (laterAt <= at || !cell.isPast(laterAt)) return;
  const day = new Date(laterAt).toISOString().slice(0, 10);
  if (random.chance(0.06)) cell.ledger.cease(record, 'SCRAPPED', { at: laterAt, to: day }, { status: '报废' });
  else if (random.chance(0.07))
    cell.ledger.correct(record, 'MORTGAGE_CHANGED', { at: laterAt }, { isMortgaged: false });
}

/** From one member of the household to another: over for the first, a new record of the second. */
function loadSale(cell: Cell): void {
  const [record] = cell.ledger.inForce('psb.vehicle');
  const isAdult = (one: Person): boolean => ageOn(one.birthDate, cell.plan.base) >= 20;
  const buyer = cell.people.find(
    (one) => one.id !== record?.subjectId && isAdult(one) && !one.formerId && !one.deathDate,
  );
  const random = cell.random('sale');
  const sold = addDays(cell.plan.base, -random.between(3, 9));
  const at = cell.recorded(sold, random, [0, 1]);
  if (!record || !buyer || (record.data.firstRegisteredDate as string) > sold) return;
  cell.ledger.cease(record, 'TRANSFERRED_OUT', { at, to: sold });
  cell.ledger.create(
    'psb.vehicle',
    `${record.recordId}-T`,
    'TRANSFERRED_IN',
    { at: at + 1, from: sold },
    { ...record.data, citizenId: buyer.id, ownerName: buyer.name },
  );
}
