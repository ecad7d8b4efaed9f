import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorCodes, HuitongError } from '@huitong/change-event';
import { commonEnvironment, parseConfig, portSetting } from './config.ts';
import { Health } from './health.ts';
import { readInput } from './input.ts';
import { safeError } from './logger.ts';
import { openApi } from './open-api.ts';
import { problemOf, statusOf } from './problem.ts';
import { traceOf } from './trace.ts';

describe('the settings', () => {
  const schema = z.object({ ...commonEnvironment, GATEWAY_PORT: portSetting(8081), KAFKA_BROKERS: z.string() });

  it('come with defaults, frozen, an empty variable counting as none', () => {
    const config = parseConfig(schema, { KAFKA_BROKERS: 'localhost:9092', GATEWAY_PORT: '', OTHER: 'x' });
    expect(config).toMatchObject({ GATEWAY_PORT: 8081, LOG_LEVEL: 'info', LISTEN_HOST: '127.0.0.1' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('report all problems at once, by name and never with the value', () => {
    const bad = () => parseConfig(schema, { GATEWAY_PORT: '99999999', LOG_LEVEL: 'secret-level' });
    expect(bad).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', context: { problems: 3 } }));
    expect(bad).toThrow(/GATEWAY_PORT.*KAFKA_BROKERS|KAFKA_BROKERS.*GATEWAY_PORT|LOG_LEVEL/);
    expect(bad).not.toThrow(/secret-level|99999999/);
  });
});

describe('an error in the log', () => {
  it("keeps PostgreSQL's names and drops its values", () => {
    const error = Object.assign(new Error('invalid input syntax for type integer: "340204199001011234"'), {
      code: '22P02',
      detail: 'Key (citizen_id)=(340204199001011234) already exists.',
      where: "unnamed portal parameter $1 = '340204199001011234'",
      hint: '340204199001011234',
      table: 'fact',
      constraint: 'fact_pkey',
    });
    const safe = safeError(new HuitongError('DATABASE_UNAVAILABLE', 'applying a chunk', { cause: error }));
    expect(safe).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: 'applying a chunk',
      cause: { code: '22P02', message: 'invalid input syntax for type integer: …', where: { table: 'fact' } },
    });
    expect(JSON.stringify(safe)).not.toContain('340204199001011234');
  });

  it('withholds texts that quote their input, names of persons and long numbers', () => {
    const quoting = [
      () => JSON.parse('{"name":"王小明"') as unknown,
      () => JSON.parse('340204199001011234x') as unknown,
      () => z.object({ a: z.number() }).strict().parse({ 王小明: 1 }),
      () => {
        throw new Error("no such person: 王小明, 34020419900101123X, 'secret'");
      },
      () => {
        throw '340204199001011234';
      },
    ];
    for (const throws of quoting) {
      try {
        throws();
        throw new Error('must not get here');
      } catch (error) {
        expect(JSON.stringify(safeError(error))).not.toMatch(/王小明|340204199|secret/);
      }
    }
  });

  it('ends a chain of causes', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(JSON.stringify(safeError(loop)).length).toBeLessThan(20_000);
  });
});

describe('a problem', () => {
  it('has a status for every code', () => {
    for (const code of errorCodes) expect(problemOf(code)).toMatchObject({ code, status: statusOf[code] });
  });

  it('says nothing about a fault of ours', () => {
    expect(problemOf('INTERNAL', 'reading the secret')).not.toHaveProperty('detail');
    expect(problemOf('REQUEST_INVALID', 'reading the request', 'limit')).toMatchObject({ field: 'limit' });
  });
});

describe('input that does not fit', () => {
  it('is refused by field, without its value', () => {
    const schema = z.object({ limit: z.coerce.number().max(100) }).strict();
    expect(readInput(schema, { limit: '5' })).toEqual({ limit: 5 });
    const refused = expect.objectContaining({ code: 'REQUEST_INVALID', context: { field: 'limit' } });
    expect(() => readInput(schema, { limit: '340204' })).toThrow(refused);
    expect(() => readInput(schema, { limit: '340204' })).not.toThrow(/340204/);
    expect(() => readInput(schema, { limit: 1, 王小明: 1 })).not.toThrow(/王小明/);
  });
});

describe('a trace', () => {
  it('is begun where the header is missing, malformed or all zeros', () => {
    for (const header of [undefined, '', 'x', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, ['a', 'b']]) {
      expect(traceOf(header).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    }
  });
});

describe('health', () => {
  it('counts a check that throws or hangs as down', async () => {
    const health = new Health();
    health.register({ name: 'good', live: () => true, ready: () => Promise.resolve(true) });
    health.register({
      name: 'bad',
      ready: () => {
        throw new Error('340204199001011234');
      },
    });
    health.register({ name: 'hung', ready: () => new Promise(() => undefined) });
    expect(await health.report('live')).toEqual({ status: 'up', checks: { good: { status: 'up' } } });
    expect(await health.report('ready')).toEqual({
      status: 'down',
      checks: {
        good: { status: 'up' },
        bad: { status: 'down', reason: 'the check failed' },
        hung: { status: 'down', reason: 'no answer within 2000 ms' },
      },
    });
  });

  it('is live, but no longer ready, while the service shuts down', async () => {
    const health = new Health();
    health.onModuleDestroy();
    expect((await health.report('live')).status).toBe('up');
    expect((await health.report('ready')).status).toBe('down');
  });
});

describe('an OpenAPI document', () => {
  it('is made of the schemas that read the requests', () => {
    const document = openApi({
      title: 'Spec',
      version: '1',
      routes: [
        {
          method: 'get',
          path: '/v1/things/{id}',
          summary: 'one thing',
          roles: ['officer'],
          params: z.object({ id: z.string() }),
          query: z.object({ limit: z.coerce.number().default(10) }),
          responses: { 200: { description: 'it', schema: z.object({ id: z.string() }) }, 404: { description: 'none' } },
        },
      ],
    });
    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/v1/things/{id}': {
          get: {
            'x-roles': ['officer'],
            parameters: [
              { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
              { name: 'limit', in: 'query', required: false },
            ],
            responses: {
              200: { content: { 'application/json': { schema: { type: 'object' } } } },
              404: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
            },
          },
        },
      },
    });
  });
});
