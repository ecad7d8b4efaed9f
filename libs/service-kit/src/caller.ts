import type { TLSSocket } from 'node:tls';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { HuitongError } from '@huitong/change-event';
import type { Trace } from './trace.ts';

const roles = ['department', 'officer', 'operator', 'steward', 'auditor', 'administrator', 'service'] as const;

/** What a client certificate may say its bearer is, in the subject's organisational unit (OU). */
export type Role = (typeof roles)[number];

/** Who is calling, by the client certificate: CN is the name, OU the role; a department's name is its own code. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
  readonly department?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
    /** Null only where the service refuses before its hooks have run. */
    trace: Trace | null;
    problemCode: string | null;
  }
}

interface Access {
  readonly public?: true;
  readonly roles?: readonly Role[];
}

/** Opens a route to callers of these roles. A route with neither this nor {@link Public} is refused to everyone. */
export function Roles(...allowed: [Role, ...Role[]]): MethodDecorator {
  return RouteConfig({ roles: allowed } satisfies Access);
}

/** Opens a route to everyone, without a certificate. */
export function Public(): MethodDecorator {
  return RouteConfig({ public: true } satisfies Access);
}

/** Hands the handler its {@link Caller}; on a public route called without a certificate, CERTIFICATE_REQUIRED. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  return callerRequired(context.switchToHttp().getRequest<FastifyRequest>().caller);
});

/** Hands the handler the request's {@link Trace}, to put its `traceparent` on what it sends. */
export const CurrentTrace = createParamDecorator((_: unknown, context: ExecutionContext): Trace => {
  return context.switchToHttp().getRequest<FastifyRequest>().trace!;
});

/**
 * Refuses a request that its route does not allow, before the body is read: CERTIFICATE_REQUIRED without a verified
 * certificate, NOT_PERMITTED when the role is not among the route's. Denies by default. An unknown route passes, once
 * the caller is known, to its 404.
 */
export function authorise(request: FastifyRequest): void {
  const access = request.routeOptions.config as Access;
  if (access.public) return;
  const caller = callerRequired(request.caller);
  if (request.is404) return;
  if (!access.roles?.includes(caller.role))
    throw new HuitongError('NOT_PERMITTED', 'calling a route that this role may not use', {
      context: { role: caller.role },
    });
}

function callerRequired(caller: Caller | null): Caller {
  if (!caller) throw new HuitongError('CERTIFICATE_REQUIRED', 'calling without a client certificate of this exchange');
  return caller;
}

const callers = new WeakMap<TLSSocket, { caller: Caller | null }>();

/** The caller behind a connection, read from its certificate once and kept with the socket. */
export function callerOf(socket: TLSSocket): Caller | null {
  let known = callers.get(socket);
  if (!known) callers.set(socket, (known = { caller: readCertificate(socket) }));
  return known.caller;
}

function readCertificate(socket: TLSSocket): Caller | null {
  // A resumed TLS 1.3 session counts as authorized even where no certificate was ever shown; the subject tells.
  if (!socket.authorized) return null;
  const subject = socket.getPeerCertificate().subject as { CN?: unknown; OU?: unknown } | undefined;
  const { CN: name, OU: role } = subject ?? {};
  if (typeof name !== 'string' || !roles.includes(role as Role)) return null;
  return Object.freeze({ name, role: role as Role, ...(role === 'department' ? { department: name } : {}) });
}
