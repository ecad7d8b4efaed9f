import { createHash } from 'node:crypto';
import { makePersonId } from '@huitong/identifiers';

const surnames = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'];
const day = 86_400_000;

/** A person's id by number: valid, synthetic, the same for the same number. */
function personId(number) {
  const birth = new Date(Date.UTC(1940, 0, 1) + (number % 27_000) * day).toISOString().slice(0, 10);
  return makePersonId({
    addressCode: ['340202', '340207', '340221', '340223'][number % 4],
    birthDate: birth,
    sequence: Math.floor(number / 27_000) % 1_000,
  });
}

/** A UUID of version 7 whose random part is a hash, so that the same event has the same id in every run. */
function eventId(text, atMs) {
  const hash = createHash('sha256').update(text).digest();
  hash.writeUIntBE(atMs, 0, 6);
  hash[6] = (hash[6] & 0x0f) | 0x70;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const empty = (fields) => Object.fromEntries(Object.keys(fields).map((name) => [name, null]));

/**
 * Events of persons `from` (0) to `people` - 1 in three datasets that feed the population record: household register, residence
 * permit, pension payment; one event of each a person, in turn, or of those `among` them.
 */
export function* personEvents({ datasets, people, from = 0, version = 1, recordedAt = Date.now(), among }) {
  const kinds = {
    'psb.household-register': (number) => ({
      name: `${surnames[number % 10]}合成${number % 97}`,
      sex: number % 2 ? '1' : '2',
      ethnicity: '01',
      birthDate: new Date(Date.UTC(1940, 0, 1) + (number % 27_000) * day).toISOString().slice(0, 10),
      householdNo: `H${Math.floor(number / 3)}`,
      householdAddress: `安徽省芜湖市镜湖区合成路${number % 999}号 第${version}版`,
      divisionCode: '340202',
    }),
    'psb.residence-permit': (number) => ({
      name: `${surnames[number % 10]}合成${number % 97}`,
      residenceAddress: `安徽省芜湖市鸠江区合成街${number % 777}号 第${version}版`,
      issuedDate: '2024-05-01',
    }),
    'hrss.pension-payment': (number) => ({
      month: '2026-10-01',
      amount: `${2_000 + (number % 1_000)}.${10 + (version % 90)}`,
    }),
  };
  const some = Object.entries(kinds).filter(([dataset]) => !among || among.includes(dataset));
  for (let number = from; number < people; number += 1) {
    const citizenId = personId(number);
    for (const [dataset, content] of some) {
      yield {
        dataset,
        subjectId: citizenId,
        event: {
          event_id: eventId(`${dataset}/${number}/${version}`, recordedAt),
          verb: version === 1 ? 'CREATED' : 'CORRECTED',
          previous_event_id: null,
          reason: version === 1 ? 'INITIAL_LOAD' : 'CLERICAL_ERROR',
          source_record_id: `${dataset}-${number}`,
          source_version: version,
          valid_from: '2024-01-01',
          valid_to: null,
          recorded_at: recordedAt,
          data: { ...empty(datasets[dataset].fields), ...content(number), citizenId },
        },
      };
    }
  }
}
