/** Every given name of the city is one of these, so that a synthetic person can be told from a real one at sight. */
const givenNames = {
  '1': ['样安', '样平', '样远', '拟明', '拟文', '拟强', '例川', '例山', '例诚', '仿国', '仿林', '仿军'],
  '2': ['样宁', '样洁', '样芳', '拟兰', '拟秀', '拟静', '例云', '例月', '例雪', '仿英', '仿梅', '仿珍'],
} as const;
const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗汪程方许陶'] as const;

/** GB/T 2261.1: 1 male, 2 female. */
export type Sex = '1' | '2';

export const surnameOf = (number: number): string => surnames[number % surnames.length]!;

export const givenNameOf = (sex: Sex, number: number): string => givenNames[sex][number % givenNames[sex].length]!;

/** A name for a foreigner: in capitals, with the word that marks it. */
export const foreignNameOf = (sex: Sex, number: number): string =>
  `SYNTHETIC ${sex === '1' ? ['ALIKHAN', 'DAVID', 'HIRO', 'JONAS'][number % 4] : ['ALIYA', 'MARIA', 'YUKI', 'ANNA'][number % 4]}`;

export const firmWords = ['仿真', '拟合', '样本', '示例', '例行', '样板'] as const;
export const estateWords = ['样园', '拟景苑', '例江花园', '仿湖小区', '样河新村'] as const;
export const roads = ['样本路', '拟江路', '示例大道', '仿赭路', '例湖路', '样镇街'] as const;
