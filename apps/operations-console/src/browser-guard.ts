import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { HuitongError } from '@huitong/change-event';

/** Sent with every answer. What a page may load is said by the page itself. */
const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};

/**
 * A browser shows its certificate to us on behalf of any page that asks it to; so whatever changes something or reads
 * about a person must come from our own pages. Browsers say where a request is from in Sec-Fetch-Site; other programs,
 * which act for nobody else, do not send it.
 */
export function guardBrowsers({ httpAdapter }: HttpAdapterHost): void {
  const fastify = httpAdapter.getInstance<FastifyInstance>();
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    const from = request.headers['sec-fetch-site'];
    const ours = from === undefined || from === 'same-origin' || request.method === 'GET';
    done(ours ? undefined : new HuitongError('NOT_PERMITTED', 'calling from a page of another site'));
  });
}
