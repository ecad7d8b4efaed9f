import { Controller, Get, Headers, Inject, Param, Query } from '@nestjs/common';
import { SubjectReader, type HistoryAnswer } from '@huitong/governance';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import { readPurpose } from './purpose.ts';
import { historyQuery, subjectPath } from './requests.ts';

/** How did a subject's record become what it is? */
@Controller('v1/subjects/:subject/:id/history')
export class HistoryController {
  readonly #reader: SubjectReader;

  constructor(@Inject(SubjectReader) reader: SubjectReader) {
    this.#reader = reader;
  }

  @Get()
  @Roles('officer')
  history(
    @Param() path: unknown,
    @Query() query: unknown,
    @Headers('purpose') header: string | undefined,
    @CurrentCaller() { name, role }: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<HistoryAnswer> {
    const { purpose, ...page } = readInput(historyQuery, query);
    const route = '/v1/subjects/{subject}/{id}/history';
    return this.#reader.history(
      { ...readInput(subjectPath, path), ...page },
      { caller: name, role, purpose: readPurpose(purpose, header), route, traceId },
    );
  }
}
