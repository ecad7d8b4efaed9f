import { z } from 'zod';
import { errorCodes } from '@huitong/change-event';
import { openApi, problemOf } from '@huitong/service-kit';
import { heartbeatBody } from './events.controller.ts';
import { eventsMax } from './read-body.ts';
import { checkpointBody, inventoryBody } from './statements.controller.ts';

const params = z.object({ dataset: z.string().describe('<department>.<dataset>, such as psb.household-register') });

const event = z
  .object({
    eventId: z.uuid().describe('UUIDv7; the same event always has the same id'),
    verb: z.enum(['CREATED', 'CORRECTED', 'ANNULLED', 'CEASED']),
    previousEventId: z.uuid().nullish(),
    reason: z.string().describe("one of the dataset's list of reasons"),
    sourceRecordId: z.string(),
    sourceVersion: z.int().min(0),
    validFrom: z.iso.date().nullish(),
    validTo: z.iso.date().nullish(),
    recordedAt: z.iso.datetime({ offset: true }),
    subjectId: z.string().optional().describe('only with ANNULLED'),
    data: z.record(z.string(), z.unknown()).nullable().describe("the dataset's fields; null with ANNULLED"),
  })
  .describe('one change event');

const rejection = z.object({
  index: z.int().min(0),
  eventId: z.string().optional(),
  code: z.enum(errorCodes),
  field: z.string(),
  message: z.string().describe('中文 / English; never a value'),
});

const refusals = {
  401: { description: 'no client certificate of this exchange' },
  403: { description: 'not the department that provides the dataset' },
  404: { description: 'DATASET_UNKNOWN' },
  503: { description: 'Kafka or the schema registry is away; sending the same again after Retry-After is safe' },
};

/** The gateway's OpenAPI document. */
export const gatewayOpenApi = openApi({
  title: 'Huitong department gateway',
  version: '1',
  description: '各部门向此提交变更事件。 Where departments send their change events.',
  routes: [
    {
      method: 'post',
      path: '/v1/datasets/{dataset}/events',
      summary: '提交变更事件 / send change events',
      description: 'Answers once Kafka has all accepted events on disk. Events are checked one by one.',
      roles: ['department'],
      params,
      body: {
        'application/json': z.union([z.array(event).min(1).max(eventsMax), event]),
        'application/x-ndjson': z.string().describe(`one event a line, ${eventsMax} at most`),
      },
      responses: {
        202: {
          description: 'at least one event was accepted',
          schema: z.object({ accepted: z.int().min(1), rejected: z.array(rejection) }),
        },
        400: { description: 'BODY_INVALID' },
        413: { description: 'TOO_MANY_EVENTS or BODY_TOO_LARGE' },
        422: {
          description: 'no event was accepted',
          schema: z.object({
            type: z.string(),
            title: z.string(),
            status: z.literal(422),
            code: z.literal(problemOf('EVENT_INVALID').code),
            detail: z.string(),
            accepted: z.literal(0),
            rejected: z.array(rejection),
          }),
        },
        429: { description: 'RATE_LIMITED: more events per second than the department may send' },
        ...refusals,
      },
    },
    {
      method: 'post',
      path: '/v1/datasets/{dataset}/heartbeats',
      summary: '心跳：截至该时刻无更多变更 / heartbeat: nothing more to tell up to this instant',
      roles: ['department'],
      params,
      body: { 'application/json': heartbeatBody },
      responses: {
        202: { description: 'on every partition', schema: z.object({ partitions: z.int(), at: z.string() }) },
        400: { description: 'REQUEST_INVALID' },
        ...refusals,
      },
    },
    {
      method: 'post',
      path: '/v1/datasets/{dataset}/checkpoints',
      summary:
        '核对点：登记簿各分组的记录数与摘要和 / checkpoint: how many records a register holds, and the sums of their digests',
      description:
        'To be sent when every event that it counts has been answered with 202, and before any other. docs/how-to/prove-a-dataset.md says how a digest is made.',
      roles: ['department'],
      params,
      body: { 'application/json': checkpointBody },
      responses: {
        202: { description: 'on the partitions of its lanes', schema: z.object({ lanes: z.int(), at: z.string() }) },
        400: { description: 'REQUEST_INVALID' },
        ...refusals,
      },
    },
    {
      method: 'post',
      path: '/v1/datasets/{dataset}/inventories',
      summary: '清单：所询分组的全部记录 / inventory: all records of the buckets that were asked for',
      description: 'Under the same rule as a checkpoint. A bucket that holds nothing is answered by an empty list.',
      roles: ['department'],
      params,
      body: { 'application/json': inventoryBody },
      responses: {
        202: { description: 'on the partitions of its lanes', schema: z.object({ buckets: z.int(), at: z.string() }) },
        400: { description: 'REQUEST_INVALID' },
        ...refusals,
      },
    },
    {
      method: 'get',
      path: '/v1/datasets',
      summary: '本部门的数据资源目录 / the catalogue of the datasets that the caller provides',
      roles: ['department', 'steward', 'operator', 'auditor', 'administrator'],
      responses: {
        200: { description: '', schema: z.object({ datasets: z.array(z.record(z.string(), z.unknown())) }) },
        401: refusals[401],
      },
    },
    {
      method: 'get',
      path: '/v1/datasets/{dataset}/schema',
      summary: '数据资源的 Avro 模式 / the Avro schema of a dataset',
      roles: ['department', 'steward', 'operator', 'auditor', 'administrator'],
      params,
      responses: {
        200: { description: '', schema: z.record(z.string(), z.unknown()) },
        401: refusals[401],
        403: refusals[403],
        404: refusals[404],
      },
    },
  ],
});
