import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  SubjectViewer,
  Unmasking,
  type SubjectHistory,
  type SubjectHits,
  type SubjectLinks,
  type SubjectView,
  type Unmasked,
} from '@huitong/governance';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';

/** What is read is read for a purpose: one stated now, or the one that a grant was given for. */
const why = { purpose: z.string().trim().default(''), grant: z.string().max(2_000).optional() };
const whom = { handle: z.string().min(1).max(500), ...why };
const when = {
  validAt: z.iso.date().optional(),
  knownAt: z.iso.datetime({ offset: true }).optional(),
};
const unmaskBody = z.strictObject({ purpose: why.purpose });
const searchBody = z.strictObject({
  by: z.enum(['id', 'name', 'address']),
  text: z.string().trim().min(1).max(100),
  ...why,
});
const openBody = z.strictObject({ ...whom, ...when });
const historyBody = z.strictObject({ ...whom, before: z.int().positive().optional() });

/**
 * Subjects as operators, stewards and auditors look at them. Ids and names come in bodies only; what is answered names a
 * subject by a handle. Masked, but for stewards who have a grant.
 */
@Controller('v1/subjects')
export class SubjectsController {
  readonly #viewer: SubjectViewer;
  readonly #unmasking: Unmasking;

  constructor(@Inject(SubjectViewer) viewer: SubjectViewer, @Inject(Unmasking) unmasking: Unmasking) {
    this.#viewer = viewer;
    this.#unmasking = unmasking;
  }

  @Post('unmask')
  @HttpCode(200)
  @Roles('steward')
  unmask(
    @Body() body: unknown,
    @CurrentCaller() { name: caller, role }: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<Unmasked> {
    const { purpose } = readInput(unmaskBody, body);
    return this.#unmasking.grant({ caller, role, purpose, route: '/v1/subjects/unmask', traceId });
  }

  @Post('search')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async search(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() trace: Trace,
  ): Promise<SubjectHits> {
    const { purpose, grant, ...search } = readInput(searchBody, body);
    return this.#viewer.search(search, this.#sightOf('search', { caller, trace, purpose, grant }));
  }

  @Post('open')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async open(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() trace: Trace,
  ): Promise<SubjectView> {
    const { purpose, grant, handle, ...at } = readInput(openBody, body);
    return this.#viewer.open(handle, at, this.#sightOf('open', { caller, trace, purpose, grant }));
  }

  @Post('history')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async history(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() trace: Trace,
  ): Promise<SubjectHistory> {
    const { purpose, grant, handle, before } = readInput(historyBody, body);
    return this.#viewer.history(handle, before, this.#sightOf('history', { caller, trace, purpose, grant }));
  }

  @Post('links')
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async links(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @CurrentTrace() trace: Trace,
  ): Promise<SubjectLinks> {
    const { purpose, grant, handle, ...at } = readInput(openBody, body);
    return this.#viewer.links(handle, at, this.#sightOf('links', { caller, trace, purpose, grant }));
  }

  #sightOf(
    what: string,
    asked: { caller: Caller; trace: Trace; purpose: string; grant: string | undefined },
  ): ReturnType<Unmasking['sightOf']> {
    const { caller, trace, purpose, grant } = asked;
    const { name, role } = caller;
    const reader = { caller: name, role, purpose, route: `/v1/subjects/${what}`, traceId: trace.traceId };
    return this.#unmasking.sightOf(reader, grant);
  }
}
