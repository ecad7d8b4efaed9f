import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Role } from './caller.ts';

/** One route of an OpenAPI document, described by the Zod schemas that read it. */
export interface OpenApiRoute {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In OpenAPI's form, `/v1/datasets/{dataset}/events`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly roles?: readonly Role[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** By content type. */
  readonly body?: Readonly<Record<string, z.ZodType>>;
  /** By status; problem+json answers need only their sentence. */
  readonly responses: Readonly<Record<number, { readonly description: string; readonly schema?: z.ZodType }>>;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    field: { type: 'string' },
  },
};

/** An OpenAPI 3.1 document from Zod schemas; 4xx and 5xx without a schema are RFC 9457 problems with our `code`. */
export function openApi(options: {
  title: string;
  version: string;
  description?: string;
  routes: readonly OpenApiRoute[];
}): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of options.routes) (paths[route.path] ??= {})[route.method] = operationOf(route);
  const { title, version, description } = options;
  return {
    openapi: '3.1.0',
    info: { title, version, ...(description ? { description } : {}) },
    security: [{ clientCertificate: [] }],
    components: {
      securitySchemes: { clientCertificate: { type: 'mutualTLS' } },
      schemas: { Problem: problemSchema },
    },
    paths,
  };
}

function operationOf(route: OpenApiRoute): object {
  const parameters = [...parametersOf('path', route.params), ...parametersOf('query', route.query)];
  return {
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(route.roles ? { 'x-roles': route.roles } : { security: [] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: contentOf(route.body) } } : {}),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, { description, schema }]) => [
        status,
        { description: description || STATUS_CODES[Number(status)]!, ...responseContent(Number(status), schema) },
      ]),
    ),
  };
}

function responseContent(status: number, schema: z.ZodType | undefined): object {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  if (schema) return { content: contentOf({ [type]: schema }, 'output') };
  return status >= 400 ? { content: { [type]: { schema: { $ref: '#/components/schemas/Problem' } } } } : {};
}

function contentOf(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output' = 'input'): object {
  return Object.fromEntries(
    Object.entries(schemas).map(([type, schema]) => [type, { schema: jsonSchema(schema, io) }]),
  );
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined): object[] {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: jsonSchema(field as z.ZodType, 'input'),
  }));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
