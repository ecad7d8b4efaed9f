import { HuitongError } from '@huitong/change-event';
import { purposePattern } from '@huitong/governance';

/**
 * The purpose of a read, from the query parameter or the header `Purpose` (percent-encoded, or UTF-8 as it is);
 * PURPOSE_REQUIRED where neither says one.
 */
export function readPurpose(parameter: string | undefined, header: string | undefined): string {
  const purpose = (parameter ?? fromHeader(header ?? '')).trim();
  if (purposePattern.test(purpose)) return purpose;
  throw new HuitongError(
    'PURPOSE_REQUIRED',
    '请说明查询目的, 2 至 200 字 / say what the read is for, in 2 to 200 characters: ?purpose= or the header Purpose',
    { context: { field: 'purpose' } },
  );
}

/** Node reads header bytes as Latin-1. */
function fromHeader(header: string): string {
  const text = Buffer.from(header, 'latin1').toString();
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
