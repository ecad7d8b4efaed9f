import type { z } from 'zod';
import { HuitongError } from '@huitong/change-event';

/**
 * Reads query, path or body values by a schema. REQUEST_INVALID names the first field at fault and what was expected,
 * never what was given.
 */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.join('.');
  // Only unrecognized keys are quoted by Zod's messages; they are the caller's own text.
  const why = issue.code === 'unrecognized_keys' ? 'there are fields that are not known' : issue.message;
  throw new HuitongError('REQUEST_INVALID', `reading the request: ${field || 'the whole'}: ${why}`, {
    context: { field },
  });
}
