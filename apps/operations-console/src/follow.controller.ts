import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { HuitongError } from '@huitong/change-event';
import {
  checkPurpose,
  SubjectReader,
  traceEvent,
  type HistoryAnswer,
  type PublishedEvents,
  type Reader,
  type SubjectDatabase,
} from '@huitong/governance';
import { checkIdentifier } from '@huitong/identifiers';
import { CurrentCaller, CurrentTrace, readInput, Roles, type Caller, type Trace } from '@huitong/service-kit';
import { subjectPlans } from '@huitong/subjects';
import type { Followed, FollowedChange } from './contract.ts';

export const DATABASES = Symbol('databases');
export const PUBLISHED = Symbol('published');

const eventId = z.guid().toLowerCase();
const followBody = z.strictObject({
  text: z.string().trim().min(1).max(100),
  purpose: z.string().trim().default(''),
});

/** The newest changes of a subject on one page; older ones are for those who may see values. */
const newest = 50;

/**
 * Where one change is: of an event by its id, or the newest changes of a subject. What is asked comes in the body, so that
 * no id of a person is in an address. A subject is looked up for a purpose and in the access log, though no value is told.
 */
@Controller('v1/follow')
export class FollowController {
  readonly #databases: readonly SubjectDatabase[];
  readonly #published: PublishedEvents;
  readonly #reader: SubjectReader;

  constructor(
    @Inject(DATABASES) databases: readonly SubjectDatabase[],
    @Inject(PUBLISHED) published: PublishedEvents,
    @Inject(SubjectReader) reader: SubjectReader,
  ) {
    this.#databases = databases;
    this.#published = published;
    this.#reader = reader;
  }

  @Post()
  @HttpCode(200)
  @Roles('operator', 'steward', 'auditor')
  async follow(
    @Body() body: unknown,
    @CurrentCaller() { name, role }: Caller,
    @CurrentTrace() { traceId }: Trace,
  ): Promise<Followed> {
    const { text, purpose } = readInput(followBody, body);
    const event = eventId.safeParse(text);
    if (event.success) return { kind: 'event', trace: await traceEvent(this.#databases, this.#published, event.data) };
    return this.#subject(text, { caller: name, role, purpose, route: '/v1/follow', traceId });
  }

  async #subject(id: string, reader: Reader): Promise<Followed> {
    const subjects = [...subjectPlans.values()].filter(({ subjectCheck }) => checkIdentifier(subjectCheck, id).ok);
    if (subjects.length === 0)
      throw new HuitongError(
        'IDENTIFIER_INVALID',
        '这不是事件号、公民身份号码、统一社会信用代码或不动产单元号 / this is no event id, citizen id, credit code or estate unit',
        { context: { field: 'text' } },
      );
    checkPurpose(reader.purpose);
    const found = await Promise.all(
      subjects.map(({ name }) => this.#reader.history({ subject: name, id, limit: newest }, reader).catch(ifUnknown)),
    );
    const histories = found
      .filter((answer) => answer !== undefined)
      .map(({ subject, changes, next }) => ({
        subject,
        changes: changes.map((change) => withoutValues(subject, change)),
        more: next !== null,
      }));
    if (histories.length > 0) return { kind: 'subject', histories };
    throw new HuitongError('NOT_FOUND', '该主体没有任何信息 / nothing is known of this subject');
  }
}

/** Only what a subject database does not know is passed over; one that cannot be asked fails the whole answer. */
function ifUnknown(error: unknown): HistoryAnswer | undefined {
  if (error instanceof HuitongError && error.code === 'NOT_FOUND') return undefined;
  throw error;
}

function withoutValues(subject: string, { fields, ...change }: HistoryAnswer['changes'][number]): FollowedChange {
  const declared = subjectPlans.get(subject)?.fields ?? [];
  const titleOf = (name: string) =>
    declared.find((field) => field.name === name)?.declaration.title ?? { zh: name, en: name };
  return { ...change, fields: Object.keys(fields).map((name) => ({ name, title: titleOf(name) })) };
}
