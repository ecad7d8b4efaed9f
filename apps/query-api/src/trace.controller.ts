import { Controller, Get, Inject, Param } from '@nestjs/common';
import { HuitongError } from '@huitong/change-event';
import { traceEvent, type EventTrace, type PublishedEvents, type SubjectDatabase } from '@huitong/governance';
import { CurrentCaller, readInput, Roles, type Caller } from '@huitong/service-kit';
import { tracePath } from './requests.ts';

export const DATABASES = Symbol('databases');
export const PUBLISHED = Symbol('published');

/** Where is one event now? */
@Controller('v1/events/:eventId/trace')
export class TraceController {
  readonly #databases: readonly SubjectDatabase[];
  readonly #published: PublishedEvents;

  constructor(@Inject(DATABASES) databases: readonly SubjectDatabase[], @Inject(PUBLISHED) published: PublishedEvents) {
    this.#databases = databases;
    this.#published = published;
  }

  @Get()
  @Roles('department', 'operator', 'steward', 'auditor', 'officer')
  async trace(@Param() path: unknown, @CurrentCaller() { role, department }: Caller): Promise<EventTrace> {
    const { eventId } = readInput(tracePath, path);
    const trace = await traceEvent(this.#databases, this.#published, eventId);
    if (role !== 'department' || trace.department === department) return trace;
    // The same words for an event of another department as for one that nobody knows.
    throw new HuitongError('NOT_FOUND', '本部门没有这个事件 / this department has no such event');
  }
}
