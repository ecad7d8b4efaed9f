import { z } from 'zod';
import { lagVerdicts, parkedStates, traceStates } from '@huitong/governance';
import { openApi } from '@huitong/service-kit';
import { proofRoutes } from './proof-open-api.ts';
import {
  accessLogQuery,
  historyQuery,
  lagQuery,
  lanePath,
  lostLanesQuery,
  parkedPath,
  parkedQuery,
  reasonBody,
  recordQuery,
  releaseBody,
  resumeBody,
  subjectPath,
  tracePath,
} from './requests.ts';

const instant = z.iso.datetime();
const sentence = z.object({ zh: z.string(), en: z.string() });
const measured = {
  asOf: instant.nullable(),
  secondsBehind: z.number().min(0).nullable(),
  recordsBehind: z.int().min(0).nullable(),
  verdict: z.enum(lagVerdicts),
};
const freshness = z.object({
  ...measured,
  sentence,
  datasets: z.array(z.object({ dataset: z.string(), ...measured })),
});
const change = z.object({
  historyId: z.int(),
  dataset: z
    .string()
    .describe('what caused it; several names, with blanks between them, where events applied together did'),
  eventIds: z.array(z.uuid()),
  change: z.enum(['created', 'changed', 'removed']),
  fields: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
  validFrom: z.iso.date().nullable(),
  validTo: z.iso.date().nullable(),
  recordedAt: instant,
  appliedAt: instant,
  provisional: z.boolean().describe('may still be annulled, or was replaced before it settled'),
  settlesAt: instant.nullable().describe('when it settles or did; null: nobody can say, or never'),
  late: z.boolean().describe('annulled what had settled'),
});
const parked = z.object({
  database: z.string(),
  id: z.int(),
  code: z.string(),
  dataset: z.string(),
  lane: z.int(),
  offset: z.int(),
  eventId: z.uuid().nullable(),
  schemaId: z.int().nullable(),
  state: z.enum(parkedStates),
  parkedAt: instant,
  settledAt: instant.nullable(),
  settledBy: z.string().nullable(),
  settledReason: z.string().nullable(),
});
const lostLane = {
  database: z.string(),
  dataset: z.string(),
  lane: z.int(),
  next: z.int(),
  beginning: z.int(),
  end: z.int(),
  goOnAt: z.int(),
  appliedUntil: instant.nullable(),
  since: instant,
};
const gap = {
  lane: z.int(),
  fromOffset: z.int(),
  atOffset: z.int(),
  recordedAfter: instant.nullable(),
  recordedBefore: instant,
  by: z.string(),
  at: instant,
  grounds: z.string(),
};
const resumption = z.object({
  ...lostLane,
  requestId: z.int(),
  atOffset: z.int(),
  outcome: z.string().nullable(),
  waitsFor: z.enum(['lane-owner', 'second-person']).optional(),
});
const settlement = z.object({
  requestId: z.int().nullable(),
  state: z.enum(parkedStates),
  outcome: z.string().nullable(),
});
const refusals = {
  401: { description: 'no client certificate of this exchange' },
  403: { description: "not for the caller's role" },
};
const readRefusals = {
  400: { description: 'IDENTIFIER_INVALID, PURPOSE_REQUIRED or REQUEST_INVALID' },
  ...refusals,
  404: { description: 'no such subject database, or nothing known of the subject' },
  503: { description: 'the database is away, or the read cannot be logged: then nothing is answered' },
};
const settleResponses = {
  200: { description: 'done', schema: settlement },
  202: { description: 'asked for, not done yet', schema: settlement },
  ...refusals,
  404: { description: 'no such parked event' },
};

/** The query API's OpenAPI document. */
export const queryOpenApi = openApi({
  title: 'Huitong query API',
  version: '1',
  description:
    '按主体查询专题库, 每次查询先留痕再应答。 Reads subject databases; every read is logged before it is answered.',
  routes: [
    {
      method: 'get',
      path: '/v1/subjects/{subject}/{id}',
      summary: '查询主体记录 / what is known of one subject',
      roles: ['officer'],
      params: subjectPath,
      query: recordQuery,
      responses: {
        200: {
          description: 'the record, where each value is from, and how fresh it is',
          schema: z.object({
            subject: z.string(),
            id: z.string(),
            record: z.record(z.string(), z.unknown()),
            provenance: z.record(z.string(), z.object({ dataset: z.string(), eventId: z.uuid(), recordedAt: instant })),
            provisional: z
              .record(z.string(), instant.nullable())
              .describe('fields whose value may still be annulled, and until when; null where nobody can say'),
            disputed: z.array(z.string()).describe('fields of which sources in force say different things'),
            freshness,
            flags: z.array(z.string()),
          }),
        },
        ...readRefusals,
      },
    },
    {
      method: 'get',
      path: '/v1/subjects/{subject}/{id}/history',
      summary: '主体记录的变更历史 / how the record became what it is',
      roles: ['officer'],
      params: subjectPath,
      query: historyQuery,
      responses: {
        200: {
          description: 'changes, newest first',
          schema: z.object({
            subject: z.string(),
            id: z.string(),
            changes: z.array(change),
            next: z.int().nullable(),
          }),
        },
        ...readRefusals,
      },
    },
    {
      method: 'get',
      path: '/v1/events/{eventId}/trace',
      summary: '事件现在何处 / where one event is now',
      roles: ['department', 'operator', 'steward', 'auditor', 'officer'],
      params: tracePath,
      responses: {
        200: {
          description: 'no value of any record',
          schema: z.object({
            eventId: z.uuid(),
            state: z.enum(traceStates),
            dataset: z.string().optional(),
            department: z.string().optional(),
            subjectDatabase: z.string().optional(),
            subjectDatabases: z.array(z.string()).optional(),
            publishedAt: instant.optional(),
            lane: z.int().optional(),
            offset: z.int().optional(),
            gap: z.object({ by: z.string(), at: instant, grounds: z.string() }).optional(),
            ahead: z.int().min(0).optional(),
            appliedAt: instant.optional(),
            parked: z
              .object({ database: z.string(), id: z.int(), code: z.string(), state: z.string(), parkedAt: instant })
              .optional(),
          }),
        },
        ...refusals,
        404: { description: 'to a department: no event of its datasets' },
      },
    },
    {
      method: 'get',
      path: '/v1/lag',
      summary: '各数据资源的同步进度 / how far each dataset is applied',
      roles: ['operator', 'department', 'auditor', 'steward'],
      query: lagQuery,
      responses: {
        200: {
          description: 'one row a dataset and subject database; null is not known',
          schema: z.object({
            at: instant,
            lag: z.array(
              z.object({
                dataset: z.string(),
                department: z.string(),
                subjectDatabase: z.string(),
                records: z.int().min(0).nullable(),
                seconds: z.number().min(0).nullable(),
                asOf: instant.nullable(),
                appliedPerSecond: z.number().min(0).nullable(),
                verdict: z.enum(lagVerdicts),
                sentence,
                trend: z.enum(['falling', 'steady', 'growing', 'unknown']),
                clearsInSeconds: z.int().min(0).nullable(),
                gaps: z.array(z.object(gap)),
                lanes: z
                  .array(
                    z.object({
                      lane: z.int(),
                      records: z.int().nullable(),
                      asOf: instant.nullable(),
                      verdict: z.enum(lagVerdicts),
                    }),
                  )
                  .optional(),
              }),
            ),
          }),
        },
        ...refusals,
      },
    },
    {
      method: 'get',
      path: '/v1/parked',
      summary: '待处理事件 / parked events',
      roles: ['operator', 'steward', 'department'],
      query: parkedQuery,
      responses: {
        200: {
          description: 'newest first, and the open ones grouped by cause',
          schema: z.object({
            parked: z.array(parked),
            next: z.string().nullable(),
            groups: z.array(
              z.object({
                database: z.string(),
                dataset: z.string(),
                code: z.string(),
                schemaId: z.int().nullable(),
                count: z.int(),
                firstAt: instant,
                lastAt: instant,
              }),
            ),
          }),
        },
        ...refusals,
        404: { description: 'DATASET_UNKNOWN' },
      },
    },
    {
      method: 'post',
      path: '/v1/parked/{database}/{id}/release',
      summary: '重新入库 / apply a parked event again',
      roles: ['operator'],
      params: parkedPath,
      body: { 'application/json': releaseBody },
      responses: settleResponses,
    },
    {
      method: 'post',
      path: '/v1/parked/{database}/{id}/discard',
      summary:
        '申请放弃, 须说明理由并由第二人同意 / ask to give a parked event up, with a reason; a second person has to agree',
      roles: ['operator', 'steward'],
      params: parkedPath,
      body: { 'application/json': reasonBody },
      responses: { ...settleResponses, 400: { description: 'REQUEST_INVALID' } },
    },
    {
      method: 'post',
      path: '/v1/parked/{database}/{id}/agree',
      summary: '同意放弃, 申请人本人除外 / agree to give it up, for everybody but who asked',
      roles: ['operator', 'steward'],
      params: parkedPath,
      responses: settleResponses,
    },
    {
      method: 'post',
      path: '/v1/parked/{database}/{id}/send-back',
      summary: '退回部门重发, 须说明理由 / send a parked event back to its department, with a reason',
      roles: ['operator', 'steward'],
      params: parkedPath,
      body: { 'application/json': reasonBody },
      responses: { ...settleResponses, 400: { description: 'REQUEST_INVALID' } },
    },
    ...proofRoutes(refusals),
    {
      method: 'get',
      path: '/v1/lost-lanes',
      summary: '因消息丢失而停顿的通道 / lanes that stand still because their next events are gone',
      roles: ['operator', 'steward', 'auditor', 'department'],
      query: lostLanesQuery,
      responses: {
        200: {
          description: 'why each stands still, and where it would go on',
          schema: z.object({ lostLanes: z.array(z.object(lostLane)) }),
        },
        ...refusals,
        404: { description: 'DATASET_UNKNOWN' },
      },
    },
    {
      method: 'post',
      path: '/v1/lost-lanes/{database}/{dataset}/{lane}/resume',
      summary: '放弃丢失的消息, 继续入库, 须说明理由 / go on without the lost events, with grounds',
      roles: ['operator'],
      params: lanePath,
      body: { 'application/json': resumeBody },
      responses: {
        200: { description: 'done, or refused because the log has changed since', schema: resumption },
        202: { description: 'asked for, not done yet', schema: resumption },
        400: { description: 'REQUEST_INVALID' },
        ...refusals,
        404: { description: 'the lane does not stand still' },
      },
    },
    {
      method: 'get',
      path: '/v1/access-log',
      summary: '谁查询过 / who has read what',
      roles: ['auditor'],
      query: accessLogQuery,
      responses: {
        200: {
          description: 'newest first',
          schema: z.object({
            entries: z.array(
              z.object({
                id: z.int(),
                at: instant,
                caller: z.string(),
                role: z.string(),
                subject: z.string().nullable(),
                subjectId: z.string().nullable(),
                fields: z.array(z.string()),
                purpose: z.string(),
                validAt: z.iso.date().nullable(),
                knownAt: instant.nullable(),
                route: z.string(),
                traceId: z.string(),
                outcome: z.enum(['answered', 'not-found']),
              }),
            ),
            next: z.int().nullable(),
          }),
        },
        400: { description: 'REQUEST_INVALID or IDENTIFIER_INVALID' },
        ...refusals,
      },
    },
  ],
});
