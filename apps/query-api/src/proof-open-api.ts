import { z } from 'zod';
import type { OpenApiRoute } from '@huitong/service-kit';
import { proofBody, proofPath, proofRequestPath, proofsQuery } from './requests.ts';

const instant = z.iso.datetime();
const proofRequestAnswer = z.object({
  database: z.string(),
  id: z.int(),
  outcome: z
    .string()
    .nullable()
    .describe('null while it goes on; then equal, differs, expired, or refused with the number of rows'),
  repaired: z.int(),
});
const recordsCount = z.int().min(0);
const proofState = z.object({
  dataset: z.string(),
  department: z.string(),
  database: z.string(),
  verdict: z.enum(['equal', 'differs', 'unproven']),
  equalAsOf: instant.nullable(),
  lanes: z.int(),
  lanesProven: z.int(),
  buckets: z.int(),
  differing: z.int(),
  stated: z.int(),
  held: z.int(),
  differences: z.object({
    missing: recordsCount,
    altered: recordsCount,
    extra: recordsCount,
    unstated: recordsCount.describe('published by the source, and not counted by it'),
    parked: recordsCount,
    asked: recordsCount,
  }),
  registers: z.array(z.string()),
  bucketStates: z
    .array(
      z.object({
        lane: z.int(),
        bucket: z.int(),
        equal: z.boolean(),
        equalAsOf: instant.nullable(),
        asOf: instant,
        stated: z.int(),
        held: z.int(),
        narrowed: z.boolean(),
        records: z.record(z.string(), z.int()).describe('how many differ, by kind'),
      }),
    )
    .optional(),
});

const sourceRequest = z.object({
  id: z.string(),
  database: z.string(),
  dataset: z.string(),
  kind: z.enum(['checkpoint', 'inventory', 'records']),
  register: z.string().optional(),
  buckets: z.array(z.object({ lane: z.int(), bucket: z.int() })).optional(),
  records: z.array(z.object({ subjectId: z.string(), sourceRecordId: z.string() })).optional(),
});

/** What the query API says of proofs, beside the refusals that all its routes share. */
export const proofRoutes = (refusals: OpenApiRoute['responses']): OpenApiRoute[] => [
  {
    method: 'get',
    path: '/v1/proofs',
    summary: '事实与来源是否一致 / whether the facts are what their sources hold',
    roles: ['operator', 'auditor', 'steward', 'department'],
    query: proofsQuery,
    responses: {
      200: {
        description: 'one row a dataset and database',
        schema: z.object({
          proofs: z.array(proofState),
        }),
      },
      ...refusals,
      404: { description: 'DATASET_UNKNOWN' },
    },
  },
  {
    method: 'post',
    path: '/v1/proofs/{dataset}/requests',
    summary: '请求即时核对, 可并修复 / ask for a proof now, and perhaps a repair',
    roles: ['operator'],
    params: proofPath,
    body: { 'application/json': proofBody },
    responses: {
      202: {
        description: 'a request for each database that holds the dataset',
        schema: z.object({ requests: z.array(proofRequestAnswer) }),
      },
      400: { description: 'REQUEST_INVALID' },
      ...refusals,
      404: { description: 'DATASET_UNKNOWN' },
    },
  },
  {
    method: 'get',
    path: '/v1/proof-requests/{database}/{id}',
    summary: '核对请求的结果 / what became of a request',
    roles: ['operator', 'auditor', 'steward'],
    params: proofRequestPath,
    responses: { 200: { description: '', schema: proofRequestAnswer }, ...refusals, 404: { description: 'NOT_FOUND' } },
  },
  {
    method: 'get',
    path: '/v1/source-requests',
    summary: '请来源部门应答的事项 / what is wanted of the calling department',
    description:
      'A checkpoint, the inventory of some buckets, or the newest event of some records once more, all to be sent to the gateway.',
    roles: ['department'],
    responses: {
      200: {
        description: 'a request is gone once its answer has arrived',
        schema: z.object({
          requests: z.array(sourceRequest),
        }),
      },
      ...refusals,
    },
  },
];
