import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import 'reflect-metadata';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { HuitongError } from '@huitong/change-event';
import { authorise, callerOf } from './caller.ts';
import { Health } from './health.ts';
import { kitModule } from './kit.module.ts';
import { createLogger, nestLogger, type Logger } from './logger.ts';
import { guardProcess, limitShutdown } from './process-guard.ts';
import { problemOf, ProblemFilter, sendProblem, translate } from './problem.ts';
import { traceOf } from './trace.ts';

/** What a service is made of. */
export interface ServiceOptions {
  readonly name: string;
  readonly module: Type | DynamicModule;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** Loopback unless told otherwise. */
  readonly host?: string;
  /** A folder with ca.pem, server.pem and server-key.pem. */
  readonly certs: { readonly dir: string };
  readonly logger?: Logger;
  /** Sets the logger's level, one of pino's. */
  readonly logLevel?: string;
  /** Runs when no request is left. */
  readonly onShutdown?: () => Promise<void> | void;
  /** 1 MiB unless told otherwise. */
  readonly bodyLimitBytes?: number;
  /** Content types whose bodies reach the handler as text, such as application/x-ndjson. */
  readonly textBodies?: readonly string[];
  /** The document served as /openapi.json. */
  readonly openApi?: object;
  /** From the signal to the end, in milliseconds; work that takes longer is cut off. */
  readonly shutdownMs?: number;
}

/** A service that listens. */
export interface RunningService {
  readonly url: string;
  readonly port: number;
  readonly app: INestApplication;
  close(): Promise<void>;
}

/**
 * Starts a service as its process: HTTPS with client certificates, the routes of health and metrics, and an end on
 * SIGTERM or SIGINT that lets the requests in hand finish. A failed start and any uncaught error are one fatal log line
 * and exit code 1. To run a service inside a spec, use {@link serve}.
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const logger = options.logger ?? createLogger(options.name);
  guardProcess(logger);
  try {
    const service = await serve({ ...options, logger });
    limitShutdown(logger, options.shutdownMs ?? 15_000);
    service.app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
    logger.info({ port: service.port }, 'listening');
    return service;
  } catch (error) {
    logger.fatal({ err: error }, 'starting failed');
    process.exit(1);
  }
}

/** A body of this length is read to its end though it is refused. */
const droppedBytesMax = 64 << 20;

/**
 * Starts a service without touching the process: no signal handlers, no exit. Throws PORT_BUSY when the port is taken
 * and PART_MISSING when the server's certificate is not where it should be.
 */
export async function serve(options: ServiceOptions): Promise<RunningService> {
  const logger = options.logger ?? createLogger(options.name);
  if (options.logLevel) logger.level = options.logLevel;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const adapter = new FastifyAdapter({
    https: { ...(await readCertificates(options.certs.dir)), requestCert: true, rejectUnauthorized: false },
    bodyLimit: options.bodyLimitBytes ?? 1_048_576,
    forceCloseConnections: 'idle',
    // Longer than a balancer's usual 60 s, so that it is never us who close under a request on its way.
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, problemOf(translate(error).code)),
  } as never);
  const fastify = adapter.getInstance<FastifyInstance>();
  const health = new Health();
  addHooks(fastify, logger, registry);
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    // Who still writes when the connection ends may never read why: what is too much is read and dropped, within reason.
    if (reply.statusCode === 413 && Number(request.headers['content-length']) <= droppedBytesMax)
      reply.removeHeader('connection');
    // Fastify says so only to requests that come while it closes; a connection kept alive would hold up the end.
    if (health.stopping) reply.header('connection', 'close');
    done();
  });
  addBodyParsers(adapter, options.textBodies ?? []);

  const root = {
    module: ServiceRoot,
    imports: [kitModule({ logger, health, registry, openApi: options.openApi }), options.module],
    // A hook of Nest's, so that it runs at a signal as well as at close().
    providers: [{ provide: 'onShutdown', useValue: { onApplicationShutdown: () => options.onShutdown?.() } }],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter as never, {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(logger));
  await listen(app, options);
  const { port } = fastify.server.address() as AddressInfo;
  return { app, port, url: `https://localhost:${port}`, close: () => app.close() };
}

class ServiceRoot {}

async function listen(app: INestApplication, { port, host }: ServiceOptions): Promise<void> {
  try {
    await app.listen(port, host ?? '127.0.0.1');
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HuitongError('PORT_BUSY', 'listening on a port that is taken', { context: { port }, cause: error });
  }
}

async function readCertificates(dir: string): Promise<{ ca: Buffer; cert: Buffer; key: Buffer }> {
  try {
    const [ca, cert, key] = await Promise.all(
      ['ca.pem', 'server.pem', 'server-key.pem'].map((file) => readFile(join(dir, file))),
    );
    return { ca: ca!, cert: cert!, key: key! };
  } catch (error) {
    throw new HuitongError('PART_MISSING', "reading the server's certificate from CERTS_DIR", { cause: error });
  }
}

/**
 * Bodies are strict UTF-8: a body in GBK, say, is refused as BODY_INVALID, where Node would quietly put U+FFFD in the
 * place of every character. No body at all is `undefined`.
 */
function addBodyParsers(adapter: FastifyAdapter, textTypes: readonly string[]): void {
  const parse = (type: string, read: (text: string) => unknown) =>
    adapter.useBodyParser(type, false, {}, (_request, body, done) => {
      try {
        const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
        done(null, text === '' ? undefined : read(text));
      } catch {
        done(new HuitongError('BODY_INVALID', 'reading a body that is not valid UTF-8 text of its content type'));
      }
    });
  parse('application/json', (text) => JSON.parse(text) as unknown);
  for (const type of textTypes) parse(type, (text) => text);
}

/** Who calls, in which trace, is known and judged before a byte of the body is read; what came of it is logged after. */
function addHooks(fastify: FastifyInstance, logger: Logger, registry: Registry): void {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'time from the request to its answer, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('trace', null);
  fastify.decorateRequest('problemCode', null);
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.trace = traceOf(request.headers.traceparent);
    request.caller = callerOf(request.raw.socket as TLSSocket);
    try {
      authorise(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the URL: ids are in URLs.
    const route = (request.is404 ? undefined : request.routeOptions.url) ?? 'unmatched';
    const { statusCode: status, elapsedTime: ms } = reply;
    duration.observe({ method: request.method, route, status }, ms / 1_000);
    const line = {
      method: request.method,
      route,
      status,
      ms: Math.round(ms * 10) / 10,
      caller: request.caller?.name,
      traceId: request.trace?.traceId,
      ...(request.problemCode ? { code: request.problemCode } : {}),
    };
    const quiet = status < 400 && /^\/(health\/|metrics$)/.test(route);
    logger[quiet ? 'debug' : 'info'](line, 'request');
    done();
  });
}
