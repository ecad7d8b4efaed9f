import { HuitongError } from './errors.ts';

/** One version of a subject's schema, with its id in the messages; the schema is JSON text. */
export interface SchemaVersion {
  readonly version: number;
  readonly id: number;
  readonly schema: string;
}

/**
 * The part of the Confluent Schema Registry REST API (v7) that Huitong uses; any compatible registry serves. An
 * unreachable or failing registry is REGISTRY_UNAVAILABLE, an environment fault; an unknown id is `undefined`, an answer.
 */
export class SchemaRegistry {
  readonly #baseUrl: string;
  readonly #timeoutMs: number;

  constructor(baseUrl: string, timeoutMs = 10_000) {
    this.#baseUrl = baseUrl.replace(/\/$/, '');
    this.#timeoutMs = timeoutMs;
  }

  /** Registers a schema under a subject and returns its id; registering the same schema again returns the same id. */
  async register(subject: string, schema: object): Promise<number> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const answer = await this.#call('POST', path, { schema: JSON.stringify(schema), schemaType: 'AVRO' });
    if (answer.status === 409 || answer.status === 422)
      throw new HuitongError('SCHEMA_UNREADABLE', 'registering a schema that is not backward compatible', {
        context: { subject, status: answer.status },
      });
    return ((await this.#expect(answer, path)) as { id: number }).id;
  }

  /** Sets the compatibility rule of one subject; Huitong's is BACKWARD_TRANSITIVE: a new reader reads all that was ever written. */
  async setCompatibility(subject: string, compatibility: string): Promise<void> {
    const path = `/config/${encodeURIComponent(subject)}`;
    await this.#expect(await this.#call('PUT', path, { compatibility }), path);
  }

  /** The schema with this id as JSON text, or `undefined` where the registry says that it has none. */
  async schemaOf(id: number): Promise<string | undefined> {
    return ((await this.#known(`/schemas/ids/${id}`)) as { schema: string } | undefined)?.schema;
  }

  /** Every version of a subject, oldest first; none where the registry does not know it. */
  async versionsOf(subject: string): Promise<SchemaVersion[]> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const numbers = (await this.#known(path)) as number[] | undefined;
    const versions = await Promise.all(
      (numbers ?? []).map((number) => this.#known(`${path}/${number}`) as Promise<SchemaVersion | undefined>),
    );
    return versions
      .filter((version) => version !== undefined)
      .map(({ version, id, schema }) => ({ version, id, schema }))
      .toSorted((a, b) => a.version - b.version);
  }

  /** The compatibility rule that holds for a subject, its own or the registry's. */
  async compatibilityOf(subject: string): Promise<string> {
    const path = `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`;
    const rule = ((await this.#known(path)) ?? (await this.#known('/config'))) as { compatibilityLevel: string };
    return rule.compatibilityLevel;
  }

  /** What the registry answers, or `undefined` where it says that there is no such thing. */
  async #known(path: string): Promise<unknown> {
    const answer = await this.#call('GET', path);
    if (answer.status !== 404) return this.#expect(answer, path);
    await answer.body?.cancel();
    return undefined;
  }

  async #call(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(this.#baseUrl + path, {
        method,
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    } catch (cause) {
      throw new HuitongError('REGISTRY_UNAVAILABLE', 'reaching the schema registry', { context: { path }, cause });
    }
  }

  async #expect(answer: Response, path: string): Promise<unknown> {
    if (answer.ok) return answer.json();
    await answer.body?.cancel();
    throw new HuitongError('REGISTRY_UNAVAILABLE', 'asking the schema registry', {
      context: { path, status: answer.status },
    });
  }
}
