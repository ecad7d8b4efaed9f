import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, type INestApplication } from '@nestjs/common';
import { Agent, request } from 'undici';
import { HuitongError } from '@huitong/change-event';
import { ensureCertificates } from '@huitong/local-stack';
import { CurrentCaller, CurrentTrace, Public, Roles, type Caller } from './caller.ts';
import { Health } from './health.ts';
import { createLogger } from './logger.ts';
import { serve, type RunningService } from './start-service.ts';
import type { Trace } from './trace.ts';

@Controller('v1')
class ThingsController {
  @Get('things/:id')
  @Roles('officer', 'department')
  thing(@Param('id') id: string, @CurrentCaller() caller: Caller, @CurrentTrace() trace: Trace): object {
    if (id === 'away')
      throw new HuitongError('BROKER_UNAVAILABLE', 'asking the broker', { context: { retryAfterSeconds: 7 } });
    if (id === 'bug') throw new TypeError('a value such as "340204199001011234" got here');
    return { id, caller, traceparent: trace.traceparent };
  }

  @Post('things')
  @Roles('officer')
  add(@Body() body: unknown): unknown {
    return body;
  }

  @Get('forgotten')
  forgotten(): string {
    return 'nobody may see this';
  }

  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }

  @Get('slow')
  @Roles('officer')
  async slow(): Promise<object> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { finished: true };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let service: RunningService;
let app: INestApplication;
let dir: string;
let certs: string;
let ca: string;
const lines: Record<string, unknown>[] = [];
let officer: Agent;
let psb: Agent;
let nobody: Agent;
let stranger: Agent;

async function agentOf(folder: string, name: string): Promise<Agent> {
  const [cert, key] = await Promise.all(
    [`${name}.pem`, `${name}-key.pem`].map((file) => readFile(join(folder, file), 'utf8')),
  );
  return new Agent({ connect: { ca, cert, key } });
}

async function call(dispatcher: Agent, path: string, options: object = {}) {
  const { statusCode, headers, body } = await request(`${service.url}${path}`, { dispatcher, ...options });
  const text = await body.text();
  const json = String(headers['content-type']).includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: statusCode, headers, text, json };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'service-kit-'));
  const [ours, foreign] = await Promise.all(
    ['ours', 'foreign'].map((home) => ensureCertificates({ home: join(dir, home) })),
  );
  certs = ours!;
  ca = await readFile(join(certs, 'ca.pem'), 'utf8');
  officer = await agentOf(certs, 'officer');
  psb = await agentOf(certs, 'psb');
  stranger = await agentOf(foreign!, 'officer');
  nobody = new Agent({ connect: { ca } });
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trim().split('\n')) lines.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
  service = await serve({
    name: 'spec-service',
    module: ThingsModule,
    port: 0,
    certs: { dir: certs },
    bodyLimitBytes: 1_000,
    openApi: { openapi: '3.1.0' },
    logger: createLogger('spec-service', { level: 'debug', to: sink }),
  });
  app = service.app;
});

afterAll(async () => {
  await Promise.all([officer, psb, nobody, stranger].map((agent) => agent.close()));
  await service?.close();
  await rm(dir, { recursive: true, force: true });
});

describe('a service of the kit', () => {
  it('tells its handlers who calls, from the certificate, over connections that are kept', async () => {
    for (let turn = 0; turn < 2; turn++) {
      const { status, json } = await call(psb, '/v1/things/a');
      expect(status).toBe(200);
      expect(json['caller']).toEqual({ name: 'psb', role: 'department', department: 'psb' });
    }
    expect((await call(officer, '/v1/things/a')).json['caller']).toEqual({ name: 'officer', role: 'officer' });
  });

  it('continues the trace of the request', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { json } = await call(psb, '/v1/things/a', { headers: { traceparent } });
    expect(json['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(json['traceparent']).not.toBe(traceparent);
  });

  it('refuses a call without a certificate, or with one of another authority', async () => {
    for (const agent of [nobody, stranger, nobody]) {
      const { status, headers, json } = await call(agent, '/v1/things/a');
      expect(status).toBe(401);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(json).toMatchObject({ code: 'CERTIFICATE_REQUIRED', status: 401, title: 'Unauthorized' });
    }
    expect((await call(nobody, '/nowhere')).status).toBe(401);
  });

  it('still refuses a caller without a certificate when its TLS session is resumed, which Node calls authorized', async () => {
    const ask = (session?: Buffer) =>
      new Promise<{ status: string; reused: boolean; session: Buffer }>((resolve, reject) => {
        const socket = connect({ port: service.port, servername: 'localhost', ca, ...(session ? { session } : {}) });
        let kept: Buffer;
        let answer = '';
        socket.on('session', (fresh) => (kept = fresh));
        socket.on('data', (chunk) => (answer += chunk.toString()));
        socket.on('end', () =>
          resolve({ status: answer.slice(9, 12), reused: socket.isSessionReused(), session: kept }),
        );
        socket.on('error', reject);
        socket.write('GET /v1/things/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
      });
    const first = await ask();
    expect(first).toMatchObject({ status: '401', reused: false });
    expect(await ask(first.session)).toMatchObject({ status: '401', reused: true });
  });

  it('refuses a role that the route does not name, and every role where the route names none', async () => {
    const post = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    expect((await call(psb, '/v1/things', post)).json).toMatchObject({ status: 403, code: 'NOT_PERMITTED' });
    expect((await call(officer, '/v1/things', post)).status).toBe(201);
    expect((await call(officer, '/v1/forgotten')).json).toMatchObject({ status: 403, code: 'NOT_PERMITTED' });
    expect((await call(nobody, '/v1/open')).json).toEqual({ open: true });
  });

  it("gives the framework's own errors a code", async () => {
    const post = (body: string | Buffer, type = 'application/json') =>
      call(officer, '/v1/things', { method: 'POST', body, headers: { 'content-type': type } });
    expect((await call(officer, '/nowhere')).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await post('{"a":')).json).toMatchObject({ status: 400, code: 'BODY_INVALID' });
    const gbk = Buffer.from([0x22, 0xcd, 0xf5, 0x22]);
    expect((await post(gbk)).json).toMatchObject({ status: 400, code: 'BODY_INVALID' });
    expect((await post('{}', 'text/csv')).json).toMatchObject({ status: 400, code: 'BODY_INVALID' });
    // The longer one is still being sent when it is refused.
    for (const length of [2_000, 20 << 20])
      expect((await post(`"${'x'.repeat(length)}"`)).json).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
    expect((await call(officer, '/v1/things/%E0%A4%A')).json).toMatchObject({ status: 400, code: 'BODY_INVALID' });
  });

  it('answers a 503 with Retry-After, and a bug without any detail', async () => {
    const away = await call(psb, '/v1/things/away');
    expect(away.headers['retry-after']).toBe('7');
    expect(away.json).toMatchObject({ status: 503, code: 'BROKER_UNAVAILABLE', detail: 'asking the broker' });
    const bug = await call(psb, '/v1/things/bug');
    expect(bug.json).toEqual({
      type: 'urn:huitong:problem:internal',
      title: 'Internal Server Error',
      status: 500,
      code: 'INTERNAL',
    });
  });

  it('logs route patterns and codes, but no URL and no value', async () => {
    await call(psb, '/v1/things/340204199001011234');
    await call(psb, '/v1/things/bug');
    const requests = lines.filter((line) => line['msg'] === 'request');
    expect(requests.at(-2)).toMatchObject({
      route: '/v1/things/:id',
      status: 200,
      caller: 'psb',
      service: 'spec-service',
    });
    expect(requests.at(-1)).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(requests.at(-1)!['traceId']).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(lines)).not.toContain('340204199001011234');
    expect(lines.find((line) => line['msg'] === 'request failed' && line['level'] === 'error')).toMatchObject({
      err: { type: 'TypeError', message: 'a value such as … got here' },
    });
  });

  it('shows health, metrics and OpenAPI to everyone', async () => {
    expect((await call(nobody, '/health/live')).json).toEqual({ status: 'up', checks: {} });
    expect((await call(nobody, '/openapi.json')).json).toEqual({ openapi: '3.1.0' });
    const metrics = await call(nobody, '/metrics');
    expect(metrics.headers['content-type']).toContain('text/plain');
    expect(metrics.text).toContain(
      'http_request_duration_seconds_count{method="GET",route="/v1/things/:id",status="200"}',
    );
    expect(metrics.text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('is not ready while one of its parts is not', async () => {
    let reason: string | boolean = 'no broker';
    app.get(Health).register({ name: 'kafka', ready: () => reason });
    const down = await call(nobody, '/health/ready');
    expect(down.status).toBe(503);
    expect(down.json).toEqual({ status: 'down', checks: { kafka: { status: 'down', reason: 'no broker' } } });
    expect((await call(nobody, '/health/live')).status).toBe(200);
    reason = true;
    expect((await call(nobody, '/health/ready')).status).toBe(200);
  });

  it('says which port is taken', async () => {
    const second = serve({
      name: 'second',
      module: ThingsModule,
      port: service.port,
      certs: { dir: certs },
      logger: createLogger('second', { level: 'silent' }),
    });
    await expect(second).rejects.toMatchObject({ code: 'PORT_BUSY', context: { port: service.port } });
  });

  it('finishes the requests in hand before it ends', async () => {
    const slow = call(officer, '/v1/slow');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await service.close();
    expect((await slow).json).toEqual({ finished: true });
    await expect(call(psb, '/v1/open')).rejects.toThrow();
  });
});
