import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { checkMapping, chooseMapping } from './mapping.ts';

const dataset = 'amr.enterprise-registration';
const shippedFolder = fileURLToPath(new URL('../../../../mappings', import.meta.url));
const published = '企业名称,统一社会信用代码,注册日期,企业类型,法人代表,注册资金,经营范围,所在省份,地区,注册地址';
const fields = { creditCode: '代码', name: '名称' };
const minimal = { dataset, sourceRecordId: '代码', fields };

const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('a mapping', () => {
  it('needs little: the first load of records that the department has created', () => {
    expect(checkMapping(minimal, dataset, 'm.json')).toEqual({
      dataset,
      empty: ['N/A', 'NULL', 'null', '-'],
      sourceRecordId: ['代码'],
      verb: 'CREATED',
      reason: 'INITIAL_LOAD',
      fields: { creditCode: { column: '代码' }, name: { column: '名称' } },
    });
  });

  it.each([
    ['sourceRecordId', { dataset, fields }],
    ['fields.name.transform', { ...minimal, fields: { ...fields, name: { column: '名称', transform: 'magic' } } }],
    ['fields.name: column', { ...minimal, fields: { ...fields, name: { transform: 'text' } } }],
    ['fields.name.pattern', { ...minimal, fields: { ...fields, name: { column: '名称', pattern: '(' } } }],
    ['fields.name.colour', { ...minimal, fields: { ...fields, name: { column: '名称', colour: 'red' } } }, 'colour'],
    ['fields.nickname: 数据资源没有', { ...minimal, fields: { ...fields, nickname: '名称' } }],
    ['fields.name: 必填', { ...minimal, fields: { creditCode: '代码' } }],
    ['reason: ', { ...minimal, reason: 'MOVED_OUT' }],
    ['verb: ', { ...minimal, verb: 'ANNULLED' }],
    ['dataset: ', { ...minimal, dataset: 'psb.vehicle' }],
  ])('that is wrong is refused by the name of the key: %s', (key, json, named = key) => {
    expect(messageOf(() => checkMapping(json, dataset, 'm.json'))).toContain(named);
  });

  it('that reads a column which the file lacks is refused by key and column', () => {
    const columns = published.split(',').filter((column) => column !== '注册资金');
    const given = `${shippedFolder}/wuhu-enterprises.json`;
    const message = messageOf(() => chooseMapping({ dataset, columns, given, shippedFolder }));
    expect(message).toContain('fields.registeredCapital: 文件没有这一列 / the file has no such column: 注册资金');
  });
});

describe('without a mapping file', () => {
  it('a shipped mapping is taken when the file has all its columns', () => {
    const chosen = chooseMapping({ dataset, columns: published.split(','), shippedFolder });
    expect(chosen).toMatchObject({ origin: 'mappings/wuhu-enterprises.json', guessedKey: false });
  });

  it('columns are known by field names and by titles in both languages', () => {
    const columns = ['统一社会信用代码', 'NAME', 'Scope of business', '成立日期', '源记录标识', '入库时间', '备注'];
    const { mapping, guessedKey } = chooseMapping({ dataset, columns, shippedFolder });
    expect(guessedKey).toBe(false);
    expect(mapping).toMatchObject({
      sourceRecordId: ['源记录标识'],
      recordedAt: '入库时间',
      fields: {
        creditCode: { column: '统一社会信用代码' },
        name: { column: 'NAME' },
        businessScope: { column: 'Scope of business' },
        foundedDate: { column: '成立日期' },
      },
    });
  });

  it('the subject id is guessed to be the record id, unless a key is given', () => {
    const columns = ['creditCode', 'name', '档案号', '册'];
    expect(chooseMapping({ dataset, columns, shippedFolder })).toMatchObject({
      guessedKey: true,
      mapping: { sourceRecordId: ['creditCode'] },
    });
    expect(chooseMapping({ dataset, columns, key: ['档案号', '册'], shippedFolder })).toMatchObject({
      guessedKey: false,
      mapping: { sourceRecordId: ['档案号', '册'] },
    });
  });

  it('a needed field without a column is named with its title', () => {
    expect(messageOf(() => chooseMapping({ dataset, columns: ['名称'], shippedFolder }))).toContain(
      'fields.creditCode: 必填字段（统一社会信用代码）',
    );
  });
});
