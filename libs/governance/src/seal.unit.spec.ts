import { describe, expect, it } from '@jest/globals';
import { Seal } from './seal.ts';

const content = { subject: 'population', id: '340204199001011234' };

describe('a seal', () => {
  it('is opened by the one that closed it, and tells nothing of its content to others', () => {
    const seal = new Seal<typeof content>('subject', 1_000, () => 0);
    const { sealed, until } = seal.close(content);
    expect(seal.open(sealed)).toEqual(content);
    expect(until).toBe('1970-01-01T00:00:01.000Z');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain(content.id);
    expect(seal.close(content).sealed).not.toBe(sealed);
  });

  it('lapses', () => {
    let now = 0;
    const seal = new Seal<typeof content>('subject', 1_000, () => now);
    const { sealed } = seal.close(content);
    now = 999;
    expect(seal.open(sealed)).toEqual(content);
    now = 1_000;
    expect(seal.open(sealed)).toBeUndefined();
  });

  it('is none of ours when a bit of it was changed, when it is of another process, or nothing at all', () => {
    const seal = new Seal<typeof content>('subject', 1_000);
    const bytes = Buffer.from(seal.close(content).sealed, 'base64url');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(seal.open(changed.toString('base64url'))).toBeUndefined();
    }
    expect(seal.open(new Seal<typeof content>('subject', 1_000).close(content).sealed)).toBeUndefined();
    for (const text of ['', 'x', '!', 'A'.repeat(500)]) expect(seal.open(text)).toBeUndefined();
  });
});
