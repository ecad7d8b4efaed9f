import { describe, expect, it } from '@jest/globals';
import { datasets, type DatasetDeclaration } from '@huitong/change-event';
import { misfit, transformOf, transforms, usualTransform } from './transforms.ts';

describe('capital', () => {
  it.each([
    // As published by Wuhu.
    ['50(万元)', '500000', 'CNY'],
    ['42.4000(万元)', '424000', 'CNY'],
    ['1,059.6053(万欧元)', '10596053', 'EUR'],
    ['30.6万人民币', '306000', 'CNY'],
    ['0.0003万人民币', '3', 'CNY'],
    ['1400万人民币元', '14000000', 'CNY'],
    ['200万元人民币', '2000000', 'CNY'],
    ['73,817.9205(万元人民币)', '738179205', 'CNY'],
    ['2,000(万人民币元)', '20000000', 'CNY'],
    ['27,000(万日元)', '270000000', 'JPY'],
    ['1,280(万香港元)', '12800000', 'HKD'],
    ['150(万美元)', '1500000', 'USD'],
    ['30万元', '300000', 'CNY'],
    // What 万 counts is not said.
    ['388,626.1065(万)', '3886261065', null],
    // Other spellings of the same things.
    ['５０（万元）', '500000', 'CNY'],
    ['人民币50万元', '500000', 'CNY'],
    ['美元 3 百万', '3000000', 'USD'],
    ['1.5亿元', '150000000', 'CNY'],
    ['100元', '100', 'CNY'],
    ['0.00005(万元)', '0.5', 'CNY'],
    ['0(万元)', '0', 'CNY'],
    // More digits than floating point holds.
    ['123456789012.3456789(万元)', '1234567890123456.789', 'CNY'],
  ])('reads %s', (text, amount, currency) => {
    expect(transforms.capital(text)).toBe(amount);
    expect(transforms.currency(text)).toBe(currency);
  });

  it.each(['Frèdèric', '50', '(万元)', '50(万金币)', '1(万元', '-5(万元)', '50(万元)(万元)', '.5(万元)', '五十万元'])(
    'does not read %s',
    (text) => {
      expect(transforms.capital(text)).toBe(misfit);
      expect(transforms.currency(text)).toBe(misfit);
    },
  );
});

describe('date', () => {
  it.each([
    ['1979-07-18', '1979-07-18'],
    ['1979-7-8', '1979-07-08'],
    ['1979/7/18', '1979-07-18'],
    ['1979.07.18', '1979-07-18'],
    ['19790718', '1979-07-18'],
    ['1979年7月18日', '1979-07-18'],
    ['１９７９年７月１８日', '1979-07-18'],
    ['1979-07-18 00:00:00', '1979-07-18'],
    ['1979/7/18 8:05', '1979-07-18'],
    ['2008-02-29', '2008-02-29'],
  ])('reads %s', (text, date) => expect(transforms.date(text)).toBe(date));

  it.each(['2007-02-29', '1979-13-01', '18/07/1979', '1979-07', '安徽', '197907181', '1979-07-18x'])(
    'does not read %s',
    (text) => expect(transforms.date(text)).toBe(misfit),
  );
});

describe('the other transforms', () => {
  it.each([
    ['instant', '2008-05-06 07:08:09', '2008-05-05T23:08:09.000Z'],
    ['instant', '2008年5月6日 7:08', '2008-05-05T23:08:00.000Z'],
    ['instant', '2008-05-06', '2008-05-05T16:00:00.000Z'],
    ['instant', '2008-05-06T07:08:09.123456Z', '2008-05-06T07:08:09.123Z'],
    ['instant', '2008-05-06 25:00', misfit],
    ['decimal', '1,234.50', '1234.5'],
    ['decimal', '-0.10', '-0.1'],
    ['decimal', '1e3', misfit],
    ['ten-thousands', '42.4', '424000'],
    ['integer', '１２', 12],
    ['integer', '1.5', misfit],
    ['number', '118.3765', 118.3765],
    ['boolean', '是', true],
    ['boolean', 'FALSE', false],
    ['boolean', '也许', misfit],
  ] as const)('%s of %s', (name, text, value) => expect(transforms[name](text)).toBe(value));

  it('takes a code or its Chinese name, and leaves what is neither to the check of the event', () => {
    const field = (datasets['amr.enterprise-registration'] as DatasetDeclaration).fields['status']!;
    expect(usualTransform(field)).toBe('code');
    const code = transformOf('code', field);
    expect([code('3'), code('吊销'), code('没有')]).toEqual(['3', '3', '没有']);
  });
});
