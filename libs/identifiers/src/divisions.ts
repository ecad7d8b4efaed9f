/**
 * One name of a division code in GB/T 2260 and the years, both included, in which it was in force. In the year of a
 * change the old and the new code both count: the sources say years, not days.
 */
export interface Division {
  readonly code: string;
  readonly name: string;
  /** Absent: since before the sources begin (1980). */
  readonly from?: number;
  /** Absent: still in force. */
  readonly to?: number;
  /** The codes that took the place over, where that is known. */
  readonly successors?: readonly string[];
  /** The successors took it over with parts given to or taken from others: do not convert records by code alone. */
  readonly partly?: true;
}

/** The provincial level of GB/T 2260: two digits to the Chinese name. No other prefix has ever existed. */
export const provinces: ReadonlyMap<string, string> = new Map([
  ['11', '北京市'],
  ['12', '天津市'],
  ['13', '河北省'],
  ['14', '山西省'],
  ['15', '内蒙古自治区'],
  ['21', '辽宁省'],
  ['22', '吉林省'],
  ['23', '黑龙江省'],
  ['31', '上海市'],
  ['32', '江苏省'],
  ['33', '浙江省'],
  ['34', '安徽省'],
  ['35', '福建省'],
  ['36', '江西省'],
  ['37', '山东省'],
  ['41', '河南省'],
  ['42', '湖北省'],
  ['43', '湖南省'],
  ['44', '广东省'],
  ['45', '广西壮族自治区'],
  ['46', '海南省'],
  ['50', '重庆市'],
  ['51', '四川省'],
  ['52', '贵州省'],
  ['53', '云南省'],
  ['54', '西藏自治区'],
  ['61', '陕西省'],
  ['62', '甘肃省'],
  ['63', '青海省'],
  ['64', '宁夏回族自治区'],
  ['65', '新疆维吾尔自治区'],
  ['71', '台湾省'],
  ['81', '香港特别行政区'],
  ['82', '澳门特别行政区'],
]);

/**
 * Every code that Wuhu and its counties have had since 1980, those counties' codes under other prefectures included.
 * Sources: the lists of GB/T 2260 codes by year; 国函〔2005〕77号; 皖政秘〔2020〕120号.
 */
export const wuhuDivisions: readonly Division[] = [
  // The city and the districts of its old town.
  { code: '340200', name: '芜湖市' },
  { code: '340201', name: '市辖区', from: 1983 },
  { code: '340202', name: '镜湖区', from: 1983 },
  // One code with two names: 马塘 was renamed in 2005 and merged with 三山 under a new code in 2020.
  { code: '340203', name: '马塘区', from: 1983, to: 2004 },
  { code: '340203', name: '弋江区', from: 2005, to: 2020, successors: ['340209'] },
  { code: '340204', name: '新芜区', from: 1983, to: 2005, successors: ['340202'], partly: true },
  { code: '340205', name: '裕溪口区', from: 1983, to: 1990 },
  { code: '340206', name: '四褐山区', from: 1983, to: 1990 },
  { code: '340207', name: '鸠江区', from: 1990 },
  // 三山 was put together in 2005 from townships of several counties and districts, so it has no predecessor by code.
  { code: '340208', name: '三山区', from: 2005, to: 2020, successors: ['340209'] },
  { code: '340209', name: '弋江区', from: 2020 },
  { code: '340210', name: '湾沚区', from: 2020 },
  { code: '340211', name: '郊区', from: 1983, to: 1990 },
  { code: '340212', name: '繁昌区', from: 2020 },
  { code: '340220', name: '市区', to: 1983 },

  // The counties, three of which came from 宣城地区 in 1983.
  { code: '340221', name: '芜湖县', to: 2020, successors: ['340210'] },
  { code: '342526', name: '繁昌县', to: 1983, successors: ['340222'] },
  { code: '340222', name: '繁昌县', from: 1983, to: 2020, successors: ['340212'] },
  { code: '342527', name: '南陵县', to: 1983, successors: ['340223'] },
  { code: '340223', name: '南陵县', from: 1983 },
  // 青阳 left again in 1988, its codes after that belong to 池州.
  { code: '342528', name: '青阳县', to: 1983, successors: ['340224'] },
  { code: '340224', name: '青阳县', from: 1983, to: 1988 },

  // 无为: four codes for one place.
  { code: '342623', name: '无为县', to: 1999, successors: ['341422'] },
  { code: '341422', name: '无为县', from: 1999, to: 2011, successors: ['340225'] },
  { code: '340225', name: '无为县', from: 2011, to: 2019, successors: ['340281'] },
  { code: '340281', name: '无为市', from: 2019 },
];

const rowsOf = new Map<string, readonly Division[]>(
  wuhuDivisions.map(({ code }) => [code, wuhuDivisions.filter((row) => row.code === code)]),
);
const yearsOf = new Map(
  [...rowsOf].map(([code, rows]) => [
    code,
    { from: Math.min(...rows.map((row) => row.from ?? 0)), to: Math.max(...rows.map((row) => row.to ?? 9999)) },
  ]),
);

/** The name that a code had on an ISO date, by that date's year; absent where the code is unknown or was not in force. */
export function divisionName(code: string, onDate: string): string | undefined {
  if (code.endsWith('0000')) return provinces.get(code.slice(0, 2));
  const year = Number(onDate.slice(0, 4));
  return rowsOf.get(code)?.find((row) => (row.from ?? 0) <= year && year <= (row.to ?? 9999))?.name;
}

/** The codes that directly took a code's place over; empty where it is in force or its successors are not known. */
export function divisionSuccessors(code: string): readonly string[] {
  return rowsOf.get(code)?.flatMap((row) => row.successors ?? []) ?? [];
}

/**
 * All codes that a place has had and will have, seen from one of them: forebears first, then itself, then successors.
 * A person's number and a credit code never follow a re-zoning, so whoever counts by place needs all of these.
 */
export function divisionLineage(code: string): readonly string[] {
  return [...forebears(code), code, ...descendants(code)];
}

/** The codes under which a place stands today; the code itself where nothing took it over. */
export function currentDivisions(code: string): readonly string[] {
  const successors = divisionSuccessors(code);
  return successors.length === 0 ? [code] : successors.flatMap(currentDivisions);
}

function descendants(code: string): string[] {
  return divisionSuccessors(code).flatMap((next) => [next, ...descendants(next)]);
}

function forebears(code: string): string[] {
  const direct = wuhuDivisions.filter((row) => row.successors?.includes(code));
  return direct.flatMap((row) => [...forebears(row.code), row.code]);
}

/** The first and last year of a known code; open ends are 0 and 9999. */
export function divisionYears(code: string): { readonly from: number; readonly to: number } | undefined {
  return yearsOf.get(code);
}

export function isProvince(twoDigits: string): boolean {
  return provinces.has(twoDigits);
}

/**
 * Whether a text can begin with a division code. Counties are not listed nation-wide, since codes newer or older than
 * any list are lawful; only provinces, and the prefectural digits that the municipalities number their districts by.
 */
export function canBeDivision(code: string): boolean {
  const province = code.slice(0, 2);
  if (!provinces.has(province)) return false;
  const prefectures = municipalityPrefectures.get(province);
  return prefectures === undefined || prefectures.includes(code.slice(2, 4));
}

const municipalityPrefectures: ReadonlyMap<string, readonly string[]> = new Map([
  ['11', ['00', '01', '02']],
  ['12', ['00', '01', '02']],
  ['31', ['00', '01', '02']],
  ['50', ['00', '01', '02', '03']],
]);

/** Registering authorities have division codes, and the national one 100000. */
export function canBeAuthority(code: string): boolean {
  return code.startsWith('100000') || canBeDivision(code);
}
