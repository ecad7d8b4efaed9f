import { addDays, startOf } from './calendar.ts';
import type { Cell } from './cell.ts';
import type { Draft } from './ledger.ts';
import type { Person } from './people.ts';

/**
 * 死亡医学证明, 火化, 户籍注销: the registers learn of a death one after the other, the household register last, within
 * weeks (户口登记条例 art. 8) or never. A few living persons are reported dead by mistake, and it is taken back.
 */
export function loadDeaths(cell: Cell): void {
  for (const person of cell.people) {
    if (person.deathDate) loadDeath(cell, person, person.deathDate);
    else if (person.origin === 'local' && cell.random('mistaken', person.index).chance(0.004))
      loadMistake(cell, person);
  }
}

const causes = [
  ['I21.900', '急性心肌梗死'],
  ['C34.900', '支气管或肺恶性肿瘤'],
  ['I63.900', '脑梗死'],
  ['J44.900', '慢性阻塞性肺病'],
] as const;

/** A death certificate; its number ends like the cremation's reference to it. */
export function deathCertificateDraft(cell: Cell, person: Person, died: string): Draft<'nhc.death-certificate'> {
  const random = cell.random('death certificate', person.index);
  const [causeCode, causeOfDeath] = random.pick(causes);
  const informant = informantOf(cell, person);
  return {
    citizenId: person.id,
    certificateNo: cell.recordId('SW', person.index),
    name: person.name,
    sex: person.sex,
    ethnicity: person.ethnicity,
    birthDate: person.birthDate,
    deathDate: died,
    deathAt: new Date(startOf(died) + random.between(0, 57_600) * 1_000).toISOString(),
    deathPlace: random.pick(['医疗卫生机构', '家中']),
    causeOfDeath,
    causeCode,
    institutionName: '芜湖市样例医院',
    doctorName: '样例医师',
    householdAddress: cell.home.address,
    residenceAddress: cell.home.address,
    divisionCode: cell.district.code,
    informantName: informant?.name ?? null,
    informantPhone: `130${random.digits(8)}`,
    issuedDate: addDays(died, random.between(0, 2)),
  };
}

export function cremationDraft(cell: Cell, person: Person, died: string): Draft<'mca.cremation'> {
  const random = cell.random('cremation', person.index);
  const cremated = addDays(died, random.between(1, 4));
  const handler = informantOf(cell, person);
  return {
    citizenId: person.id,
    certificateNo: cell.recordId('HH', person.index),
    name: person.name,
    sex: person.sex,
    birthDate: person.birthDate,
    deathDate: died,
    crematedDate: cremated,
    crematedAt: new Date(startOf(cremated) + random.between(0, 28_800) * 1_000).toISOString(),
    deathCertificateNo: cell.recordId('SW', person.index),
    funeralHomeName: '芜湖市样例殡仪馆',
    householdAddress: cell.home.address,
    divisionCode: cell.district.code,
    ashesDisposal: random.pick(['公墓安葬', '寄存', '生态安葬']),
    handlerName: handler?.name ?? null,
    handlerId: handler?.id ?? null,
    handlerPhone: `130${random.digits(8)}`,
    issuedDate: cremated,
  };
}

const informantOf = (cell: Cell, person: Person): Person | undefined =>
  cell.people.find((one) => one !== person && !one.deathDate);

function loadDeath(cell: Cell, person: Person, died: string): void {
  const { ledger } = cell;
  const random = cell.random('death load', person.index);
  const certifiedAt = cell.recorded(died, random, [1, 15]);
  if (random.chance(0.93) && cell.isPast(certifiedAt)) {
    const record = ledger.create(
      'nhc.death-certificate',
      cell.recordId('SW', person.index),
      'CERTIFICATE_ISSUED',
      { at: certifiedAt, from: died },
      deathCertificateDraft(cell, person, died),
    );
    const revisedAt = certifiedAt + 12 * 86_400_000;
    if (random.chance(0.1) && cell.isPast(revisedAt))
      ledger.correct(record, 'CAUSE_REVISED', { at: revisedAt }, { causeCode: 'I64.x00', causeOfDeath: '脑卒中' });
  }
  const crematedAt = cell.recorded(died, random, [2, 6]);
  if (random.chance(0.88) && cell.isPast(crematedAt))
    ledger.create(
      'mca.cremation',
      cell.recordId('HH', person.index),
      'CREMATED',
      { at: crematedAt, from: died },
      cremationDraft(cell, person, died),
    );
  const cancelledAt = cell.recorded(died, random, [3, 45]);
  const [entry] = ledger.inForce('psb.household-register', person.id);
  if (entry && random.chance(0.93) && cell.isPast(cancelledAt))
    ledger.cease(entry, 'DEATH_CANCELLED', { at: cancelledAt, to: died });
}

/** A certificate under the wrong person's number, annulled when the mistake was found. */
function loadMistake(cell: Cell, person: Person): void {
  const random = cell.random('mistaken load', person.index);
  const died = addDays(cell.plan.base, -random.between(40, 600));
  const at = cell.recorded(died, random, [1, 5]);
  const record = cell.ledger.create(
    'nhc.death-certificate',
    cell.recordId('SW', person.index, 'X'),
    'CERTIFICATE_ISSUED',
    { at, from: died },
    deathCertificateDraft(cell, person, died),
  );
  cell.ledger.annul(record, 'IDENTITY_MISTAKEN', { at: at + random.between(1, 25) * 86_400_000 });
}
