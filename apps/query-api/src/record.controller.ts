import { Controller, Get, Headers, Inject, Param, Query } from '@nestjs/common';
import { SubjectReader, type SubjectAnswer } from '@huitong/governance';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import { readPurpose } from './purpose.ts';
import { recordQuery, subjectPath } from './requests.ts';

/** What is known of one subject? */
@Controller('v1/subjects/:subject/:id')
export class RecordController {
  readonly #reader: SubjectReader;

  constructor(@Inject(SubjectReader) reader: SubjectReader) {
    this.#reader = reader;
  }

  @Get()
  @Roles('officer')
  record(
    @Param() path: unknown,
    @Query() query: unknown,
    @Headers('purpose') header: string | undefined,
    @CurrentCaller() { name, role }: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<SubjectAnswer> {
    const { purpose, settled, ...at } = readInput(recordQuery, query);
    const route = '/v1/subjects/{subject}/{id}';
    return this.#reader.read(
      { ...readInput(subjectPath, path), ...at, settled: settled === 'true' },
      { caller: name, role, purpose: readPurpose(purpose, header), route, traceId },
    );
  }
}
