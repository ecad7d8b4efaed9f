/**
 * A district of Wuhu as the city needs it: its code and name today (GB/T 2260), three of its townships by their real
 * codes, and what it was before the re-zoning of its time.
 */
export interface District {
  readonly code: string;
  readonly name: string;
  readonly townships: readonly (readonly [code: string, name: string])[];
  /** Code and name until the day of the change; 弋江 was put together from two districts. */
  readonly former: readonly { readonly code: string; readonly name: string; readonly until: string }[];
  /** The code on a number assigned in a year; `odd` chooses where a district had two. */
  codeAssigned(year: number, odd: boolean): string;
  /** A county elsewhere whose people come here to work, a different one for each district. */
  readonly elsewhere: { readonly code: string; readonly address: string };
}

/** The seven districts of today. The codes before 2020 are those of 皖政秘〔2020〕120号, of 2005 those of 国函〔2005〕77号. */
export const districts: readonly District[] = [
  {
    code: '340202',
    name: '镜湖区',
    townships: [
      ['340202013', '张家山街道'],
      ['340202016', '赭山街道'],
      ['340202017', '弋矶山街道'],
    ],
    former: [],
    codeAssigned: (year, odd) => (odd && year < 2005 ? '340204' : '340202'),
    elsewhere: { code: '341221', address: '安徽省阜阳市临泉县' },
  },
  {
    code: '340207',
    name: '鸠江区',
    townships: [
      ['340207003', '官陡街道'],
      ['340207004', '湾里街道'],
      ['340207101', '沈巷镇'],
    ],
    former: [],
    codeAssigned: (year, odd) => (year > 1990 ? '340207' : odd ? '340211' : '340206'),
    elsewhere: { code: '340826', address: '安徽省安庆市宿松县' },
  },
  {
    code: '340209',
    name: '弋江区',
    townships: [
      ['340209001', '中南街道'],
      ['340209002', '马塘街道'],
      ['340209004', '火龙街道'],
    ],
    former: [
      { code: '340203', name: '弋江区', until: '2020-08-31' },
      { code: '340208', name: '三山区', until: '2020-08-31' },
    ],
    codeAssigned: (year, odd) => (year > 2020 ? '340209' : odd && year > 2005 ? '340208' : '340203'),
    elsewhere: { code: '320583', address: '江苏省苏州市昆山市' },
  },
  {
    code: '340210',
    name: '湾沚区',
    townships: [
      ['340210100', '湾沚镇'],
      ['340210102', '六郎镇'],
      ['340210104', '红杨镇'],
    ],
    former: [{ code: '340221', name: '芜湖县', until: '2020-08-31' }],
    codeAssigned: (year) => (year > 2020 ? '340210' : '340221'),
    elsewhere: { code: '330782', address: '浙江省金华市义乌市' },
  },
  {
    code: '340212',
    name: '繁昌区',
    townships: [
      ['340212100', '繁阳镇'],
      ['340212101', '荻港镇'],
      ['340212105', '峨山镇'],
    ],
    former: [{ code: '340222', name: '繁昌县', until: '2020-08-31' }],
    codeAssigned: (year) => (year > 2020 ? '340212' : '340222'),
    elsewhere: { code: '411381', address: '河南省南阳市邓州市' },
  },
  {
    code: '340223',
    name: '南陵县',
    townships: [
      ['340223100', '籍山镇'],
      ['340223101', '许镇镇'],
      ['340223103', '三里镇'],
    ],
    former: [],
    codeAssigned: () => '340223',
    elsewhere: { code: '421083', address: '湖北省荆州市洪湖市' },
  },
  {
    code: '340281',
    name: '无为市',
    townships: [
      ['340281100', '无城镇'],
      ['340281101', '襄安镇'],
      ['340281105', '石涧镇'],
    ],
    former: [{ code: '340225', name: '无为县', until: '2019-12-31' }],
    // Four codes for one place.
    codeAssigned: (year) => (year > 2019 ? '340281' : year > 2011 ? '340225' : year > 1999 ? '341422' : '342623'),
    elsewhere: { code: '360281', address: '江西省景德镇市乐平市' },
  },
];
