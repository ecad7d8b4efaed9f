import { z } from 'zod';
import { parkedStates } from '@huitong/governance';

const purpose = z.string().optional().describe('目的 / what the read is for; or the header Purpose');
const limit = (fallback: number) => z.coerce.number().int().min(1).max(1_000).default(fallback);
const before = z.coerce.number().int().positive().optional().describe('`next` of the page before');

/** The path of one subject. */
export const subjectPath = z.object({
  subject: z.string().describe('population, legal-person, enterprise, social-organisation or housing'),
  id: z.string().describe('any id that the subject ever had; it is put into its canonical form'),
});

export const recordQuery = z
  .strictObject({
    purpose,
    validAt: z.iso.date().optional().describe('what was true on that day'),
    knownAt: z.iso.datetime({ offset: true }).optional().describe('what was known here at that instant'),
    settled: z
      .enum(['true', 'false'])
      .default('false')
      .describe('true: without the provisional fields, for consequences that cannot be undone'),
  })
  .refine(({ knownAt, settled }) => settled === 'false' || knownAt === undefined, {
    path: ['settled'],
    error: 'what is settled is known only now: leave out knownAt',
  });

export const historyQuery = z.strictObject({ purpose, limit: limit(50), before });

export const tracePath = z.object({ eventId: z.guid().toLowerCase() });

export const lagQuery = z.strictObject({
  lanes: z.enum(['true', 'false']).default('false').describe('each lane as well'),
});

export const accessLogQuery = z
  .strictObject({ subject: z.string().optional(), id: z.string().optional(), purpose, limit: limit(100), before })
  .refine(({ subject, id }) => id === undefined || subject !== undefined, {
    path: ['subject'],
    error: 'an id needs its subject database',
  });

export const parkedQuery = z.strictObject({
  state: z.enum([...parkedStates, 'all']).default('parked'),
  dataset: z.string().optional(),
  limit: limit(100),
  before: z.string().optional().describe('`next` of the page before'),
});

/** The path of one parked event. */
export const parkedPath = z.object({
  database: z.string().describe('as the list names it'),
  id: z.coerce.number().int().positive(),
});

export const lostLanesQuery = z.strictObject({ dataset: z.string().optional() });

/** The path of one lane in one dataset. */
export const lanePath = z.object({
  database: z.string().describe('as the list names it'),
  dataset: z.string(),
  lane: z.coerce.number().int().min(0),
});

const reason = z.string().trim().min(2).max(500);
export const releaseBody = z.strictObject({ reason: reason.optional() });
export const reasonBody = z.strictObject({ reason });

export const proofsQuery = z.strictObject({
  dataset: z.string().optional(),
  buckets: z.enum(['true', 'false']).default('false').describe('each bucket as well'),
});

export const proofPath = z.object({ dataset: z.string() });

export const proofBody = z.strictObject({
  repair: z
    .boolean()
    .default(false)
    .describe('ask the source for what is missing or altered, take out what nobody published'),
  atMost: z.int().min(0).max(1_000_000).default(100).describe('change no more rows than this'),
  reason: reason.optional(),
});

/** The path of one request for a proof. */
export const proofRequestPath = z.object({
  database: z.string().describe('as the answer to the request names it'),
  id: z.coerce.number().int().positive(),
});
export const resumeBody = z.strictObject({
  grounds: reason.describe('why going on without the lost events is right'),
  fromBeginning: z.boolean().default(false).describe('read all that the log still has again'),
});
