import { Controller, Get, Inject, Query } from '@nestjs/common';
import { AccessLog, readAccessLog, SubjectReader, type LoggedAccess } from '@huitong/governance';
import type { Database } from '@huitong/postgres';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import { readPurpose } from './purpose.ts';
import { accessLogQuery } from './requests.ts';

export const AUDIT = Symbol('audit');

const auditPurpose = '审计 / audit';

/** Who has read a subject's record, when and why? Looking that up is written into the same log. */
@Controller('v1/access-log')
export class AccessLogController {
  readonly #audit: Database;
  readonly #reader: SubjectReader;
  readonly #log: AccessLog;

  constructor(
    @Inject(AUDIT) audit: Database,
    @Inject(SubjectReader) reader: SubjectReader,
    @Inject(AccessLog) log: AccessLog,
  ) {
    this.#audit = audit;
    this.#reader = reader;
    this.#log = log;
  }

  @Get()
  @Roles('auditor')
  async entries(
    @Query() query: unknown,
    @CurrentCaller() { name, role }: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<{ entries: LoggedAccess[]; next: number | null }> {
    const { subject, id, limit, before, purpose: given } = readInput(accessLogQuery, query);
    const purpose = readPurpose(given ?? auditPurpose, undefined);
    const subjectIds = subject === undefined || id === undefined ? undefined : await this.#reader.idsOf(subject, id);
    const found = await readAccessLog(this.#audit, { subject, subjectIds, limit: limit + 1, before });
    const entries = found.slice(0, limit);
    await this.#log.write({
      caller: name,
      role,
      subject: subject ?? null,
      subjectId: subjectIds?.[0] ?? null,
      fields: [],
      purpose,
      validAt: null,
      knownAt: null,
      route: '/v1/access-log',
      traceId,
      outcome: entries.length > 0 ? 'answered' : 'not-found',
    });
    return { entries, next: found.length > limit ? entries.at(-1)!.id : null };
  }
}
