import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Manual } from './manual.ts';

const manual = new Manual(join(import.meta.dirname, '../../../docs'));

describe('the manual', () => {
  it('has a page for each document, whose links lead to other pages', () => {
    const page = manual.page('open-the-operations-console');
    expect(page).toContain('<h1 id="open-the-operations-console">');
    expect(page).toContain('<a href="/help/watch-lag">');
    expect(page).not.toMatch(/href="[^"]*\.md/);
  });

  it('has help in Chinese for every page of the console', () => {
    const page = manual.page('open-the-operations-console-zh-CN');
    for (const part of ['总览', '积压', '待处理事件', '完整性', '主体查询', '主题与模式', '告警', '追踪变更'])
      expect(page).toContain(`<h2 id="${part}">`);
  });

  it('has no page of what is no document', () => {
    expect(() => manual.page('../../package')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
