import { HuitongError } from '@huitong/change-event';
import { checkPurpose, type AccessLog } from './access-log.ts';
import { checkMaySee, maySee } from './masking.ts';
import { Seal } from './seal.ts';
import type { Reader } from './subject-reader.ts';

/** Who reads, and whether values are shown to them. */
export interface Sight extends Reader {
  readonly mayRead: boolean;
}

/** A right to see values for a while; worth nothing in another's hands. */
export interface Unmasked {
  readonly grant: string;
  readonly until: string;
}

const unmaskedMs = 5 * 60_000;

/**
 * Decides who sees values. Nobody does who does not show a grant; a grant is given to a steward with a purpose, is in the access
 * log before it is given, and lapses after five minutes or with the process. What is read with it is logged with its purpose.
 */
export class Unmasking {
  readonly #log: AccessLog;
  readonly #grants: Seal<Pick<Reader, 'caller' | 'purpose'>>;

  constructor(log: AccessLog, now?: () => number) {
    this.#log = log;
    this.#grants = new Seal('unmasking', unmaskedMs, now);
  }

  /** NOT_PERMITTED for roles that see no values, PURPOSE_REQUIRED, DATABASE_UNAVAILABLE where it cannot be logged. */
  async grant(reader: Reader): Promise<Unmasked> {
    checkMaySee(reader.role, 'values');
    const { caller, purpose } = reader;
    checkPurpose(purpose);
    const entry = { subject: null, subjectId: null, fields: [], validAt: null, knownAt: null } as const;
    await this.#log.write({ ...reader, ...entry, outcome: 'answered' });
    const { sealed, until } = this.#grants.close({ caller, purpose });
    return { grant: sealed, until };
  }

  /** With a grant its purpose counts; NOT_PERMITTED where it is another's, of a role that may no longer read, or has lapsed. */
  sightOf(reader: Reader, grant: string | undefined): Sight {
    if (grant === undefined) {
      checkPurpose(reader.purpose);
      return { ...reader, mayRead: false };
    }
    const granted = this.#grants.open(grant);
    if (granted?.caller !== reader.caller || !maySee(reader.role))
      throw new HuitongError('NOT_PERMITTED', '查看内容的许可已失效 / the right to see values has lapsed', {
        context: { field: 'grant' },
      });
    return { ...reader, purpose: granted.purpose, mayRead: true };
  }
}
