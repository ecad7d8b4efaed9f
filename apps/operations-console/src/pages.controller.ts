import { randomBytes } from 'node:crypto';
import { HuitongError } from '@huitong/change-event';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, Roles } from '@huitong/service-kit';
import { Manual, manualStyleHash } from './manual.ts';
import { Pages, refusal, refusalStyleHash } from './pages.ts';

/** The roles that may come in; each route of data says for itself which of them it serves. */
const roles = ['operator', 'steward', 'auditor'] as const;

/** The addresses of the pages; each answers with the same shell, which draws the page in the browser. */
const paths = ['/', 'lag', 'follow', 'parked', 'completeness', 'subjects', 'topics', 'alarms'];

/** The pages themselves, which hold no data. A browser that may not come in is told why, in a page of its own. */
@Controller()
export class PagesController {
  readonly #pages: Pages;
  readonly #manual: Manual;

  constructor(@Inject(Pages) pages: Pages, @Inject(Manual) manual: Manual) {
    this.#pages = pages;
    this.#manual = manual;
  }

  @Get(paths)
  @Public()
  page(@Req() { caller }: FastifyRequest, @Res() reply: FastifyReply): void {
    this.#show(200, caller, reply);
  }

  /** People are told in a page that there is none at an address; programs in JSON. */
  @Get('*')
  @Public()
  notThere(@Req() { caller, headers }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!headers.accept?.includes('text/html')) throw new HuitongError('NOT_FOUND', 'looking for what is not there');
    this.#show(404, caller, reply);
  }

  #show(status: 200 | 404, caller: FastifyRequest['caller'], reply: FastifyReply): void {
    const may = roles.some((role) => role === caller?.role);
    const nonce = randomBytes(16).toString('base64');
    const style = may ? `'nonce-${nonce}'` : `'${refusalStyleHash}'`;
    reply
      .status(may ? status : caller ? 403 : 401)
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self' ${style}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      })
      .type('text/html; charset=utf-8')
      .send(may ? this.#pages.shell(nonce) : refusal(caller ? 'role' : 'certificate'));
  }

  @Get('help/:name')
  @Roles(...roles)
  help(@Param('name') name: string, @Res() reply: FastifyReply): void {
    reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; style-src '${manualStyleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      })
      .type('text/html; charset=utf-8')
      .send(this.#manual.page(name));
  }

  @Get('assets/:name')
  @Roles(...roles)
  asset(@Param('name') name: string, @Req() { headers }: FastifyRequest, @Res() reply: FastifyReply): void {
    const { type, body, gzipped } = this.#pages.asset(name);
    const zips = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
    reply
      .headers({
        // Names change with content, so a file may be kept for ever.
        'cache-control': 'private, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(zips ? { 'content-encoding': 'gzip' } : {}),
      })
      .type(type)
      .send(zips ? gzipped : body);
  }
}
